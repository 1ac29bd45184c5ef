import { expect, test } from 'vitest';
import type { Rows } from './wire/frame';
import type { Row } from './wire/row';
import { RowStore } from './rows.svelte';

const ROOM = '01920000-0000-7000-8000-000000000001';
const TAG = '0000000000000001';

/** A device with a given render time; its clock stands still until the next render is due. */
class Device {
  time = 0;
  costMs = 0;
  due: { at: number; run: () => void } | null = null;

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    this.due = { at: this.time + ms, run };
    return () => {
      this.due = null;
    };
  }

  drawn(told: (costMs: number) => void): void {
    told(this.costMs);
  }

  /** Advances to the next render and returns how long that took. */
  draw(): number {
    const { due } = this;
    if (due === null) throw new Error('nothing waits to be drawn');
    const waited = due.at - this.time;
    this.time = due.at;
    this.due = null;
    due.run();
    return waited;
  }
}

let seq = 0;

function line(): Rows {
  seq += 1;
  const row: Row = { row: 'phone_log', seq, at: 0, text: 'x', corrected_by: null };
  const put = [{ key: `log/${seq}` as const, row }];
  return { room: ROOM, audience: 'phone', from: seq - 1, to: seq, tag: TAG, put, del: [] };
}

/** Returns how long rows wait that arrive right after a render. */
function gap(device: Device, store: RowStore): number {
  store.apply(line());
  device.draw();
  store.apply(line());
  return device.draw();
}

test('a fast device keeps the render interval of its face', () => {
  const device = new Device();
  device.costMs = 10;
  expect(gap(device, new RowStore(device, 200))).toBe(200);
});

test('a slow device renders less often, so that it stays responsive', () => {
  const device = new Device();
  device.costMs = 120;
  expect(gap(device, new RowStore(device, 200))).toBe(720);
  expect(gap(device, new RowStore(device, 16))).toBe(720);
});

test('no device shows rows later than a second and a half', () => {
  const device = new Device();
  device.costMs = 5_000;
  expect(gap(device, new RowStore(device, 200))).toBe(1_500);
});

test('a device that was slow for a moment recovers its interval', () => {
  const device = new Device();
  const store = new RowStore(device, 200);
  device.costMs = 200;
  expect(gap(device, store)).toBe(1_200);
  device.costMs = 5;
  const gaps = Array.from({ length: 10 }, () => gap(device, store));
  expect(gaps.at(-1)).toBe(200);
  expect(gaps).toEqual([...gaps].sort((a, b) => b - a));
});
