import { describe, expect, it } from 'vitest';
import { PANEL_GAP, sharePanels, type PanelNeed } from './panels';

const panel = (key: string, rows: number, least: number): PanelNeed => ({
  key,
  rows,
  least,
  head: 3,
  row: 2,
});

function used(needs: PanelNeed[], given: Map<string, number>): number {
  const rows = needs.reduce(
    (sum, { key, head, row }) => sum + head + (given.get(key) ?? 0) * row,
    0,
  );
  return rows + (needs.length - 1) * PANEL_GAP;
}

describe('the panels beside the lanes', () => {
  it('show everything when there is room', () => {
    const needs = [panel('overdue', 2, 2), panel('moves', 4, 2)];
    expect([...sharePanels(needs, 30).values()]).toEqual([2, 4]);
  });

  it("never exceed the wall's height, whatever they contain", () => {
    const needs = [panel('help', 9, 2), panel('overdue', 9, 2), panel('risk', 40, 3)];
    for (let height = 12; height < 80; height += 1) {
      expect(used(needs, sharePanels(needs, height))).toBeLessThanOrEqual(height);
    }
  });

  it('give each panel its minimum before the most urgent gets more', () => {
    const needs = [panel('help', 9, 1), panel('risk', 9, 2), panel('moves', 9, 2)];
    const given = sharePanels(needs, 3 * 3 + 2 * PANEL_GAP + 6 * 2);
    expect([...given.values()]).toEqual([2, 2, 2]);
  });

  it('give a call for help its rows before any other panel', () => {
    const needs = [panel('risk', 9, 2), { ...panel('help', 3, 2), first: true }];
    expect(Object.fromEntries(sharePanels(needs, 3 * 2 + PANEL_GAP + 2 * 2))).toEqual({
      risk: 0,
      help: 2,
    });
  });

  it('keep the headings with their numbers where nothing else fits', () => {
    const needs = [panel('risk', 9, 2), panel('moves', 4, 2)];
    expect([...sharePanels(needs, 7).values()]).toEqual([0, 0]);
  });
});
