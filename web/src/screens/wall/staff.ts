import type { Role } from '../../lib/wire/role';

/** The kinds of staff that a wall counts. */
export type Kind = 'social work' | 'nursing and care' | 'co-ordination';

const KIND: Record<Role, Kind> = {
  lead: 'co-ordination',
  deputy: 'co-ordination',
  reassess: 'social work',
  mca: 'social work',
  bim: 'social work',
  vacancies: 'co-ordination',
  finance: 'co-ordination',
  placements: 'co-ordination',
  moving: 'nursing and care',
  transport: 'co-ordination',
  family: 'social work',
  meds: 'nursing and care',
  records: 'co-ordination',
  staffsup: 'co-ordination',
  media: 'co-ordination',
  bizsup: 'co-ordination',
  loggist: 'co-ordination',
  named_sw: 'social work',
  team_leader_site: 'social work',
  nurse: 'nursing and care',
  home_manager: 'nursing and care',
  director: 'co-ordination',
  senior_manager: 'co-ordination',
};

/** Counts staff by kind, from each member's first role; everybody is counted once. */
export function byKind(
  roles: readonly (readonly Role[])[],
): { kind: Kind | 'other' | 'others'; people: number }[] {
  const counts = new Map<Kind | 'others', number>();
  for (const [first] of roles) {
    const kind = first === undefined ? 'others' : KIND[first];
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const order = ['social work', 'nursing and care', 'co-ordination', 'others'] as const;
  return order
    .map((kind) => ({ kind, people: counts.get(kind) ?? 0 }))
    .filter(({ people }) => people > 0)
    .map(({ kind, people }) => ({
      kind: kind === 'others' && people === 1 ? 'other' : kind,
      people,
    }));
}
