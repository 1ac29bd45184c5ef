import type { CensusRow } from '../lib/wire/census';
import type { PlaceNow, Stage } from '../lib/wire/transfer';

/** A part of the register in the bar; together the parts are the register. */
export interface Part {
  key: string;
  words: string;
  people: number;
}

/** Returns the number of people in a stage. */
export const ofStage = (census: CensusRow, ...stages: Stage[]): number =>
  census.stages.reduce(
    (sum, entry) => (stages.includes(entry.stage) ? sum + entry.people : sum),
    0,
  );

/** Returns the number of people in a place. */
export const ofPlace = (census: CensusRow, ...places: PlaceNow[]): number =>
  census.places.reduce(
    (sum, entry) => (places.includes(entry.place) ? sum + entry.people : sum),
    0,
  );

/** Returns the number of people who left the home alive, wherever they are. */
export const leftHome = (census: CensusRow): number =>
  ofPlace(census, 'on_the_way', 'arrived', 'in_hospital', 'with_family');

/** Returns the register in parts, without empty ones; the main stages are always included. */
export function partsOf(census: CensusRow): Part[] {
  const always: Part[] = [
    { key: 'arrived', words: 'arrived', people: ofStage(census, 'arrived') },
    { key: 'way', words: 'on the way', people: ofStage(census, 'on_the_way') },
    { key: 'ready', words: 'ready', people: ofStage(census, 'ready_to_go') },
    { key: 'held', words: 'place held', people: ofStage(census, 'place_held') },
    {
      key: 'none',
      words: 'no place yet',
      people: ofStage(census, 'to_assess', 'finding_a_place'),
    },
  ];
  const sides: Part[] = [
    { key: 'confirm', words: 'being confirmed', people: ofStage(census, 'being_confirmed') },
    { key: 'hospital', words: 'hospital', people: ofStage(census, 'in_hospital') },
    { key: 'family', words: 'family', people: ofStage(census, 'with_family') },
    {
      key: 'side',
      words: 'other plans',
      people: ofStage(census, 'exceptional', 'on_hold', 'dispute'),
    },
    { key: 'died', words: 'died', people: ofStage(census, 'died') },
  ];
  return [...always, ...sides.filter((part) => part.people > 0)];
}
