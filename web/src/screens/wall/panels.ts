/** Distribution of the available height among the panels beside the lanes. */

/** The request of a panel; panels are in order of urgency. */
export interface PanelNeed {
  key: string;
  /** Rows it would fill. */
  rows: number;
  /** The fewest useful rows; the heading shows the number in any case. */
  least: number;
  /** In rem: heading, padding and other fixed content. */
  head: number;
  /** In rem. */
  row: number;
  /** Its minimum rows are assigned before those of all others. */
  first?: boolean;
}

/** In rem, between two panels. */
export const PANEL_GAP = 1;

/**
 * Returns the number of rows of each panel. Every panel keeps its heading with its number; then the minimum
 * rows are assigned one by one, the most urgent panel first in each round; then the rest.
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
