/** How the panels beside the lanes share the height that there is. */

/** What a panel asks for, the most urgent first. */
export interface PanelNeed {
  key: string;
  /** Rows it would fill. */
  rows: number;
  /** The rows without which it says too little; its heading says the number in any case. */
  least: number;
  /** In rem: heading, padding and what else stands in it. */
  head: number;
  /** In rem. */
  row: number;
  /** Its least rows come before anybody else's. */
  first?: boolean;
}

/** In rem, between two panels. */
export const PANEL_GAP = 1;

/**
 * Returns the rows that each panel draws. Every panel keeps its heading, with its number; then the
 * least rows are given out one by one, the most urgent panel first in each round; then the rest.
 */
export function sharePanels(needs: readonly PanelNeed[], height: number): Map<string, number> {
  const given = new Map(needs.map(({ key }) => [key, 0]));
  const heads = needs.reduce((sum, { head }) => sum + head, 0);
  let free = height - heads - Math.max(0, needs.length - 1) * PANEL_GAP;
  const give = (most: (need: PanelNeed) => number): void => {
    for (let any = true; any;) {
      any = false;
      for (const need of needs) {
        const rows = given.get(need.key) ?? 0;
        if (rows >= most(need) || free < need.row) continue;
        given.set(need.key, rows + 1);
        free -= need.row;
        any = true;
      }
    }
  };
  give((need) => (need.first === true ? Math.min(need.least, need.rows) : 0));
  give((need) => Math.min(need.least, need.rows));
  give((need) => need.rows);
  return given;
}
