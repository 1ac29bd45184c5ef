import type { HomeId, Time } from '../../lib/wire/id';
import type { Chip, Lane } from './board';

/** An expected departure or arrival. */
export interface Move {
  chip: Chip;
  at: Time;
  leaves: boolean;
  home: HomeId | null;
}

/** Returns the expected moves, earliest first. The room gives no leaving time to a person without a place. */
export function movesOf(lanes: readonly Lane[]): Move[] {
  const moves: Move[] = [];
  for (const { chips } of lanes) {
    for (const chip of chips) {
      const { place, times, destination } = chip.person;
      const home = destination.claimed ?? destination.home;
      if (place === 'at_the_home' && times.leaves_at !== null) {
        moves.push({ chip, at: times.leaves_at, leaves: true, home });
      } else if (place === 'on_the_way' && times.arrives_at !== null) {
        moves.push({ chip, at: times.arrives_at, leaves: false, home });
      }
    }
  }
  return moves.sort((a, b) => a.at - b.at);
}
