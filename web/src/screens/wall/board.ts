import type { PersonId, Time } from '../../lib/wire/id';
import type { WallPerson } from '../../lib/wire/person';
import type { Stage } from '../../lib/wire/transfer';
import { isLate } from '../../ui/time';
import { ratingOrder, sideStages, wayStages } from '../../ui/words';

/** A person on the wall, with what follows from the clock. */
export interface Chip {
  id: PersonId;
  person: WallPerson;
  late: boolean;
}

/** The people of one stage, most pressing first. */
export interface Lane {
  stage: Stage;
  chips: Chip[];
}

/** Lanes of people who are done, rendered small. */
export const doneStages: ReadonlySet<Stage> = new Set<Stage>(['arrived', 'died']);

const order = (a: Chip, b: Chip): number =>
  Number(b.person.to_confirm) - Number(a.person.to_confirm) ||
  ratingOrder(a.person.rating) - ratingOrder(b.person.rating) ||
  Number(b.late) - Number(a.late) ||
  (a.person.times.leaves_at ?? Infinity) - (b.person.times.leaves_at ?? Infinity) ||
  (a.person.reference < b.person.reference ? -1 : 1);

// Infinity minus Infinity is NaN; `||` then falls through to the reference.

/** Returns the lanes: every main stage, then the side states with people in them. */
export function lanesOf(people: Iterable<{ id: PersonId; row: WallPerson }>, now: Time): Lane[] {
  const byStage = new Map<Stage, Chip[]>();
  for (const { id, row } of people) {
    const chip = { id, person: row, late: isLate(row, now) };
    const lane = byStage.get(row.stage);
    if (lane === undefined) byStage.set(row.stage, [chip]);
    else lane.push(chip);
  }
  const lanes: Lane[] = [];
  for (const stage of [...wayStages, ...sideStages]) {
    const chips = byStage.get(stage) ?? [];
    if (chips.length === 0 && sideStages.includes(stage)) continue;
    lanes.push({ stage, chips: chips.sort(order) });
  }
  return lanes;
}
