import type {
  Category,
  CqcRating,
  Domain,
  FileKind,
  HomeField,
  ListedHome,
  ProviderKind,
  RatingTold,
} from '../../../lib/wire/directory';
import { dayOf } from '../../../lib/time';

export const kindWord: Record<ProviderKind, string> = {
  nursing: 'Nursing home',
  residential: 'Residential home',
  home_care: 'Home care agency',
};

export const categoryWord: Record<Category, string> = {
  older_people: 'Older people',
  dementia: 'Dementia',
  younger_adults: 'Adults under 65',
  learning_disability: 'Learning disability, autism',
  mental_health: 'Mental health',
  physical_disability: 'Physical disability',
  sensory_impairment: 'Sensory impairment',
  eating_disorder: 'Eating disorder',
  substances: 'Drugs and alcohol',
  detained: 'Detained under the Mental Health Act',
  children: 'Children',
  everybody: 'Everybody',
};

export const ratingWord: Record<CqcRating, string> = {
  outstanding: 'Outstanding',
  good: 'Good',
  requires_improvement: 'Requires improvement',
  inadequate: 'Inadequate',
};

export const domainWord: Record<Domain, string> = {
  safe: 'Safe',
  effective: 'Effective',
  caring: 'Caring',
  responsive: 'Responsive',
  well_led: 'Well led',
};

export const fileWord: Record<FileKind, string> = {
  directory: 'CQC care directory',
  filters: 'CQC directory with filters',
  ratings: 'CQC latest ratings',
  deactivated: 'CQC deactivated locations',
  local: 'Local list',
};

export const fieldWord: Record<HomeField, string> = {
  name: 'name',
  address: 'address',
  telephone: 'telephone',
  website: 'website',
  kinds: 'type of care',
  categories: 'groups of people',
  beds: 'beds',
  provider: 'provider',
  authority: 'council',
  rating: 'rating',
  place: 'place on the map',
  ods: 'NHS code',
};

/** Returns the options of a choice, in their order. */
export const options = <K extends string>(words: Record<K, string>): [string, string][] =>
  Object.entries<string>(words);

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const month = new Intl.DateTimeFormat('en-GB', {
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** Formats a day such as `2026-09-16` in words. */
export const dayWords = (text: string): string => dayOf(day, text);

export const listWords = (kind: FileKind, text: string): string =>
  `${kind === 'local' ? 'Local list' : 'CQC file'} of ${dayWords(text)}`;

/** Formats a distance; it is the straight-line distance. */
export function milesWords(miles: number | null): string {
  if (miles === null) return 'distance not known';
  if (miles === 0) return 'less than a mile';
  return miles === 1 ? 'about 1 mile' : `about ${miles} miles`;
}

/** Returns a rating with its caveats. */
export function ratingWords(told: RatingTold | null): string {
  if (told === null) return 'rating not known';
  return told.day === null
    ? ratingWord[told.rating]
    : `${ratingWord[told.rating]}, ${dayOf(month, told.day)}`;
}

/** Returns the caveats of a rating. */
export function ratingDoubts(told: RatingTold | null): string[] {
  if (told === null) return [];
  return [...(told.old ? ['old'] : []), ...(told.inherited ? ['of an earlier provider'] : [])];
}

/** Returns how many beds a home is registered for, which is not a vacancy. */
export function bedsWords({ beds, kinds }: ListedHome): string {
  if (kinds.every((kind) => kind === 'home_care')) return 'no beds: home care';
  return beds === null ? 'beds not known' : `registered for ${beds}`;
}

/** Returns the latest reported vacancies with their age, or null. */
export function vacancyWords({ vacancy }: ListedHome): string {
  if (vacancy === null) return 'vacancy not known';
  const age =
    vacancy.days === 0 ? 'today' : vacancy.days === 1 ? '1 day old' : `${vacancy.days} days old`;
  return `${vacancy.vacant} said vacant, ${age} - not verified`;
}

const POSTCODE = /\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\s*$/i;

/** Returns the postcode at the end of an address. */
export function postcodeOf(address: string | null): string | null {
  const found = POSTCODE.exec(address ?? '');
  return found === null ? null : `${found[1] ?? ''} ${found[2] ?? ''}`.toUpperCase();
}
