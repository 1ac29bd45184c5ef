/** Slow 3G: 400 kbit/s each way, 400 ms there and back; a device four times slower than this machine. */
const SLOW_3G = {
  offline: false,
  latency: 400,
  downloadThroughput: 50_000,
  uploadThroughput: 50_000,
};
const SLOWER = 4;
const WAIT_MS = 60_000;

/** Opens a face with its login and an empty cache; returns when it painted, and when people were there. */
export async function firstPaint(browser, url, view, storageState) {
  const [width, height] = view.size;
  const context = await browser.newContext({
    viewport: { width, height },
    storageState,
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', SLOW_3G);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  let bytes = 0;
  client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(url, { timeout: WAIT_MS, waitUntil: 'commit' });
  await page.locator(view.drawn).first().waitFor({ timeout: WAIT_MS });
  // The rows of the room are there when the heading counts them and no longer says "Fetching".
  await page.getByText('Fetching the list').waitFor({ state: 'detached', timeout: WAIT_MS });
  const times = await page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return { painted: paint?.startTime ?? Number.NaN, shown: performance.now() };
  });
  await context.close();
  return { ...times, bytes };
}
