import { describe, expect, it } from 'vitest';
import { CHIP_EM, LANE_LEAST, fitLanes, type Density, type LaneNeed } from './fit';

const lanes =
  (counts: readonly number[]) =>
  (density: Density): LaneNeed[] =>
    counts.map((count, index) => {
      const done = index === counts.length - 1;
      const plain = density.bedroom ? CHIP_EM.plain : CHIP_EM.bare;
      return {
        done,
        least: LANE_LEAST,
        widths: Array.from({ length: count }, () => (done ? CHIP_EM.done : plain)),
      };
    });
const wall = { width: 52, height: 40 };

describe('the lanes of the wall', () => {
  it('show a few people as large as possible', () => {
    const fit = fitLanes(lanes([3, 2, 1, 0, 0, 4]), wall);
    expect(fit.density.size).toBe(2.125);
    expect(fit.lanes.map(({ shown }) => shown)).toEqual([3, 2, 1, 0, 0, 4]);
  });

  it('show all of sixty-two people, smaller', () => {
    const fit = fitLanes(lanes([3, 6, 12, 9, 4, 28]), wall);
    expect(fit.density.size).toBeLessThan(2.125);
    expect(fit.lanes.map(({ shown }) => shown)).toEqual([3, 6, 12, 9, 4, 28]);
  });

  it('show the first of five hundred people, and some in every lane', () => {
    const fit = fitLanes(lanes([24, 48, 97, 73, 32, 226]), wall);
    const shown = fit.lanes.map((lane) => lane.shown);
    expect(Math.min(...shown)).toBeGreaterThan(0);
    expect(shown[2]).toBeLessThan(97);
  });
});
