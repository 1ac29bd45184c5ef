/** How much slower than this machine the device is. */
const SLOWER = 6;
/** Before anything is counted, so that the first redraws are not. */
const SETTLE_MS = 3_000;

const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Returns the shares of a page's main thread, in its own processor time, while rows come in. */
export async function busyShare(page, seconds) {
  // The thread's own time: what other programs take from this machine is not the page's work.
  await page.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await rest(SETTLE_MS);
  const before = await metrics(page);
  await rest(seconds * 1000);
  const after = await metrics(page);
  await page.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const frames = await framesHeard(page);
  // A page that heard nothing had nothing to do, and is no measure of anything.
  if (frames === 0) throw new Error('the page heard no rows while it was measured');
  const length = after.Timestamp - before.Timestamp;
  const share = (...names) =>
    names.reduce((sum, name) => sum + after[name] - before[name], 0) / length;
  return {
    busy: share('TaskDuration'),
    script: share('ScriptDuration'),
    layout: share('LayoutDuration', 'RecalcStyleDuration'),
    frames,
  };
}

/** Returns the functions that a page's scripts spend most of their time in, one a line. */
export async function hottest(page, seconds) {
  await page.send('Profiler.enable');
  await page.send('Profiler.setSamplingInterval', { interval: 500 });
  await page.send('Profiler.start');
  await rest(seconds * 1000);
  const { profile } = await page.send('Profiler.stop');
  const total = profile.timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const own = new Map();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  profile.samples.forEach((id, at) => {
    const { functionName, url, lineNumber } = nodes.get(id);
    const name = `${functionName || '(no name)'} ${url.split('/').pop()}:${lineNumber + 1}`;
    own.set(name, (own.get(name) ?? 0) + profile.timeDeltas[at]);
  });
  const found = [...own].filter(([name]) => !name.startsWith('(idle)'));
  found.sort(([, a], [, b]) => b - a);
  return found
    .slice(0, 25)
    .map(([name, time]) => `    ${((time / total) * 100).toFixed(1)} % ${name}`);
}

/** Returns the kinds of work that a page's main thread spends most of its time in, one a line. */
export async function kinds(browser, seconds) {
  const includedCategories = [
    'devtools.timeline',
    'disabled-by-default-devtools.timeline',
    'blink',
    '__metadata',
  ];
  const traceEvents = [];
  const done = new Promise((resolve) => {
    const stop = browser.on(({ method, params }) => {
      if (method === 'Tracing.dataCollected') traceEvents.push(...params.value);
      if (method === 'Tracing.tracingComplete') resolve(stop());
    });
  });
  await browser.send('Tracing.start', { traceConfig: { includedCategories } });
  await rest(seconds * 1000);
  await browser.send('Tracing.end');
  await done;
  const main = traceEvents.filter(({ args }) => args?.name === 'CrRendererMain');
  const mains = new Set(main.map(({ pid, tid }) => `${pid} ${tid}`));
  const spent = new Map();
  for (const { ph, name, dur, pid, tid } of traceEvents) {
    if (ph !== 'X' || !mains.has(`${pid} ${tid}`)) continue;
    spent.set(name, (spent.get(name) ?? 0) + dur);
  }
  const found = [...spent].sort(([, a], [, b]) => b - a).slice(0, 20);
  return found.map(([name, time]) => `    ${(time / seconds / 10_000).toFixed(1)} % ${name}`);
}

async function metrics(page) {
  const { metrics } = await page.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Counts the frames of one second: proof that the page was fed. */
async function framesHeard(page) {
  let frames = 0;
  const stop = page.on('Network.webSocketFrameReceived', () => (frames += 1));
  await page.send('Network.enable');
  await rest(1_000);
  await page.send('Network.disable');
  stop();
  return frames;
}
