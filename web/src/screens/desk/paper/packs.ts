import type { PackKind, PackRow, PackState } from '../../../lib/wire/pack';

export const packWord: Record<PackKind, string> = {
  person: 'Person pack',
  sign_in_sheet: 'Sign-in sheet',
  roster: 'Roster',
};

export const packStateWord: Record<PackState, string> = {
  out: 'Out',
  with_crew: 'With a crew',
  returned: 'Back',
  destroyed: 'Destroyed',
  lost: 'Lost',
};

export const packStates = Object.keys(packStateWord) as PackState[];

/** Returns whether somebody still holds the pack. */
export const isOut = ({ state }: PackRow): boolean => state === 'out' || state === 'with_crew';

/** Finds a pack by the code from its corner, or by the number alone. */
export function packOf(packs: readonly PackRow[], typed: string): PackRow | null {
  const code = typed.replace(/[\s-]/g, '').toUpperCase();
  if (code === '') return null;
  return packs.find((pack) => pack.code === code || String(pack.number) === code) ?? null;
}

/** Returns the counts of packs by state, in the order of the states: `62 out, 2 with a crew`. */
export function countWords(packs: readonly PackRow[]): string {
  const words = packStates.flatMap((state) => {
    const count = packs.filter((pack) => pack.state === state).length;
    return count === 0 ? [] : [`${count} ${packStateWord[state].toLowerCase()}`];
  });
  return words.join(', ');
}
