import { describe, expect, it } from 'vitest';
import { PATIENCE_MS, Watchdog, type Guarded } from './watch';

/** A page with a controlled clock; each reload makes a fresh page that keeps only its retry count. */
function screen(): {
  page: { sign: string | undefined; answers: boolean; loggedIn: boolean; broken: boolean };
  reloads: number[];
  run: (ms: number) => Promise<void>;
} {
  let now = 0;
  let tries = 0;
  const reloads: number[] = [];
  const page = {
    sign: 'live' as string | undefined,
    answers: true,
    loggedIn: false,
    broken: false,
  };
  const guarded: Guarded = {
    now: () => now,
    sign: () => page.sign,
    answers: () => Promise.resolve(page.answers),
    loggedIn: () => Promise.resolve(page.loggedIn),
    reload: () => {
      reloads.push(now);
      if (page.loggedIn) page.sign = 'live';
      dog = new Watchdog(guarded);
    },
    tries: {
      get: () => tries,
      set: (to) => {
        tries = to;
      },
    },
  };
  let dog = new Watchdog(guarded);
  const run = async (ms: number): Promise<void> => {
    for (const end = now + ms; now < end; now += 1_000) {
      if (page.broken) dog.broke();
      await dog.look();
    }
  };
  return { page, reloads, run };
}

describe('an unattended wall', () => {
  it('does not reload a live page', async () => {
    const { reloads, run } = screen();
    await run(3_600_000);
    expect(reloads).toEqual([]);
  });

  it('reloads after a minute without a heartbeat', async () => {
    const { page, reloads, run } = screen();
    await run(30_000);
    page.sign = 'away';
    await run(PATIENCE_MS - 2_000);
    expect(reloads).toHaveLength(0);
    await run(5_000);
    expect(reloads).toHaveLength(1);
  });

  it('waits for a server that is down for an hour, and recovers with it', async () => {
    const { page, reloads, run } = screen();
    page.sign = 'away';
    page.answers = false;
    await run(3_600_000);
    expect(reloads).toEqual([]);
    page.answers = true;
    await run(2_000);
    expect(reloads).toHaveLength(1);
  });

  it('reloads a page with a broken script repeatedly, with increasing delays', async () => {
    const { page, reloads, run } = screen();
    page.sign = undefined;
    page.broken = true;
    await run(3_600_000);
    expect(reloads.length).toBeGreaterThan(5);
    expect(reloads.length).toBeLessThan(25);
    const apart = reloads.slice(1).map((at, index) => at - (reloads[index] ?? 0));
    expect(apart[0]).toBeLessThan(10_000);
    expect(apart.at(-1)).toBeGreaterThanOrEqual(300_000);
  });

  it('reloads at once for a later release', async () => {
    const { page, reloads, run } = screen();
    page.sign = 'new';
    await run(1_000);
    expect(reloads).toHaveLength(1);
  });

  it('without a login waits until somebody opens a link on this screen', async () => {
    const { page, reloads, run } = screen();
    page.sign = 'out';
    await run(600_000);
    expect(reloads).toEqual([]);
    page.loggedIn = true;
    await run(20_000);
    expect(reloads).toHaveLength(1);
  });
});
