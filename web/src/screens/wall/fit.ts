/** Layout of the lanes on the wall: the largest chips that show everybody. */

/** A chip size, in rem of the wall. */
export interface Density {
  size: number;
  bedroom: boolean;
}

/** One lane to lay out: each chip's width in its own em, and whether its people are done. */
export interface LaneNeed {
  widths: readonly number[];
  done: boolean;
  /** In rem: the minimum height of the lane, for its label. */
  least: number;
}

/** The layout of a lane: how many chips are rendered; the rest is a number. */
export interface LaneFit {
  shown: number;
}

/** The layout of all lanes. */
export interface Fit {
  density: Density;
  lanes: LaneFit[];
}

/** The available space, in rem. */
export interface Space {
  width: number;
  height: number;
}

export const DENSITIES: readonly Density[] = [
  { size: 2.125, bedroom: true },
  { size: 1.875, bedroom: true },
  { size: 1.75, bedroom: true },
  { size: 1.625, bedroom: true },
  { size: 1.5, bedroom: true },
  { size: 1.5, bedroom: false },
  { size: 1.375, bedroom: false },
];

/** In em of the chip: must match the styles of `Chip.svelte` and `Lane.svelte`. */
export const CHIP_EM = {
  plain: 4.35,
  bare: 2.7,
  done: 2.5,
  icon: 1.2,
  late: 2.25,
  gap: 0.3,
  height: 1.62,
} as const;

/** Returns the width of "+ n more", in em of the chip. */
const moreEm = (hidden: number): number => 3.9 + String(hidden).length * 0.6;

/** Returns how much wider than two figures a bedroom is, in em of the chip: `44A` needs more. */
export const roomEm = (bedroom: string | null): number =>
  Math.max(0, (bedroom?.length ?? 0) - 2) * 0.55;

/** In rem: the space above and below the chips of a lane, with its line; and the minimum height of a lane. */
const LANE_PAD = 0.875;
export const LANE_LEAST = 2.75;
/** The minimum height of a lane with a two-line label. */
export const LANE_LEAST_TWO = 3.85;
/** People who are done are rendered smaller. */
export const DONE_SCALE = 0.8;

/** Returns how many rows the chips take, and how many chips fit into `rowsMost` rows. */
function pack(
  widths: readonly number[],
  width: number,
  rowsMost: number,
): { rows: number; shown: number } {
  let rows = 1;
  let used = 0;
  for (const [index, chip] of widths.entries()) {
    const next = used === 0 ? chip : used + CHIP_EM.gap + chip;
    if (next <= width || used === 0) {
      used = next;
    } else if (rows < rowsMost) {
      rows += 1;
      used = chip;
    } else {
      return { rows, shown: index };
    }
  }
  return { rows, shown: widths.length };
}

const scaleOf = (lane: LaneNeed, density: Density): number =>
  lane.done ? density.size * DONE_SCALE : density.size;

/** Returns the height in rem of a lane with this many rows of chips of a size. */
export function heightOf(rows: number, scale: number, least: number): number {
  const chips = rows * CHIP_EM.height * scale + (rows - 1) * CHIP_EM.gap * scale;
  return Math.max(least, chips) + LANE_PAD;
}

/** Returns how many chips fit into the rows, followed by "+ n more" if some do not. */
function shownWithin(lane: LaneNeed, width: number, rows: number): number {
  const { widths } = lane;
  let { shown } = pack(widths, width, rows);
  if (shown === widths.length) return shown;
  while (shown > 0) {
    const more = moreEm(widths.length - shown);
    if (pack([...widths.slice(0, shown), more], width, rows).shown > shown) break;
    shown -= 1;
  }
  return shown;
}

/** Returns how many chips of a lane fit into one row of that width. */
export const shownInRow = (lane: LaneNeed, width: number, density: Density): number =>
  shownWithin(lane, width / scaleOf(lane, density), 1);

/** In rem: a lane with one row. */
export const ROW_HEIGHT = LANE_LEAST + LANE_PAD;

/** Returns the layout for lanes whose widths depend on the density. */
export function fitLanes(needs: (density: Density) => LaneNeed[], space: Space): Fit {
  const last = DENSITIES[DENSITIES.length - 1] ?? { size: 1.375, bedroom: false };
  for (const density of DENSITIES) {
    const lanes = needs(density);
    const total = lanes.reduce((sum, lane) => {
      const scale = scaleOf(lane, density);
      return (
        sum + heightOf(pack(lane.widths, space.width / scale, Infinity).rows, scale, lane.least)
      );
    }, 0);
    if (total <= space.height) {
      return { density, lanes: lanes.map((lane) => ({ shown: lane.widths.length })) };
    }
  }
  return { density: last, lanes: shareOut(needs(last), last, space) };
}

/** Gives each lane a row, then each spare row to the lane that hides most. */
function shareOut(lanes: LaneNeed[], density: Density, space: Space): LaneFit[] {
  const given = lanes.map((lane) => ({
    lane,
    rows: 1,
    scale: scaleOf(lane, density),
    hidden: 0,
  }));
  const count = (entry: (typeof given)[number]): void => {
    const { shown } = pack(entry.lane.widths, space.width / entry.scale, entry.rows);
    entry.hidden = (entry.lane.widths.length - shown) * (entry.lane.done ? 0.4 : 1);
  };
  given.forEach(count);
  for (;;) {
    const total = given.reduce(
      (sum, entry) => sum + heightOf(entry.rows, entry.scale, entry.lane.least),
      0,
    );
    const fits = given.filter(
      (entry) =>
        entry.hidden > 0 &&
        total -
          heightOf(entry.rows, entry.scale, entry.lane.least) +
          heightOf(entry.rows + 1, entry.scale, entry.lane.least) <=
          space.height,
    );
    const most = fits.reduce<(typeof given)[number] | null>(
      (best, entry) => (best === null || entry.hidden > best.hidden ? entry : best),
      null,
    );
    if (most === null) break;
    most.rows += 1;
    count(most);
  }
  return given.map(({ lane, rows, scale }) => ({
    shown: shownWithin(lane, space.width / scale, rows),
  }));
}
