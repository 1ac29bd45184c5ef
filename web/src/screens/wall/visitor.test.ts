import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOLD_MS, Visitor } from './visitor.svelte';

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a visitor in the room', () => {
  it('reduces the wall to counts with one key, across a reload', () => {
    const visitor = new Visitor();
    visitor.press();
    expect(visitor.on).toBe(true);
    expect(new Visitor().on).toBe(true);
  });

  it('is not lifted by the key press that started it, nor by a second short press', () => {
    const visitor = new Visitor();
    visitor.press();
    visitor.release();
    visitor.press();
    vi.advanceTimersByTime(HOLD_MS - 1);
    visitor.release();
    vi.advanceTimersByTime(60_000);
    expect(visitor.on).toBe(true);
  });

  it('is lifted by holding the key, and then not stored', () => {
    const visitor = new Visitor();
    visitor.press();
    visitor.press();
    vi.advanceTimersByTime(HOLD_MS);
    expect(visitor.on).toBe(false);
    expect(new Visitor().on).toBe(false);
  });

  it('waits for a second tap only for a while', () => {
    const visitor = new Visitor();
    visitor.start();
    visitor.ask();
    expect(visitor.asking).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect([visitor.asking, visitor.on]).toEqual([false, true]);
  });
});
