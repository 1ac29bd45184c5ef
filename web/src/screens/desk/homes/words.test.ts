import { describe, expect, it } from 'vitest';
import { milesWords, postcodeOf, ratingDoubts, ratingWords, vacancyWords } from './words';
import type { ListedHome } from '../../../lib/wire/directory';

const said = (vacant: number, days: number): ListedHome =>
  ({ vacancy: { vacant, days, day: '2026-05-08', source: 'Harbourshire' } }) as ListedHome;

describe('the words of the directory', () => {
  it('show that a vacancy list is old and that nobody has called to confirm', () => {
    expect(vacancyWords(said(4, 13))).toBe('4 said vacant, 13 days old - not verified');
    expect(vacancyWords(said(1, 1))).toBe('1 said vacant, 1 day old - not verified');
    expect(vacancyWords({ vacancy: null } as ListedHome)).toBe('vacancy not known');
  });

  it('show the limits of a rating', () => {
    const told = {
      rating: 'good',
      day: '2018-02-20',
      old: true,
      inherited: true,
      domains: [],
    } as const;
    expect(ratingWords({ ...told, domains: [] })).toBe('Good, Feb 2018');
    expect(ratingDoubts({ ...told, domains: [] })).toEqual(['old', 'of an earlier provider']);
    expect(ratingWords(null)).toBe('rating not known');
  });

  it('show miles in everyday form', () => {
    expect([0, 1, 7, null].map(milesWords)).toEqual([
      'less than a mile',
      'about 1 mile',
      'about 7 miles',
      'distance not known',
    ]);
  });

  it('find the postcode in the address of the home that closes', () => {
    expect(postcodeOf('12 Quay Road, Harbourtown, po64cv')).toBe('PO6 4CV');
    expect(postcodeOf('SW1A 1AA')).toBe('SW1A 1AA');
    expect(postcodeOf('12 Quay Road, Harbourtown')).toBeNull();
    expect(postcodeOf(null)).toBeNull();
  });
});
