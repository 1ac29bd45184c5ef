import { describe, expect, it } from 'vitest';
import { nothingTyped, readIdentifier } from './identity';

describe('a second identifier', () => {
  it('accepts a birth date in everyday form', () => {
    const typed = { ...nothingTyped, day: '4', month: '3', year: '1938' };
    expect(readIdentifier(typed)).toEqual({ by: 'date_of_birth', date: '1938-03-04' });
  });

  it('explains an invalid date in words', () => {
    for (const [day, month, year] of [
      ['31', '2', '1938'],
      ['', '', ''],
      ['4', '3', '38'],
    ] as const) {
      expect(readIdentifier({ ...nothingTyped, day, month, year })).toContain('not a date');
    }
  });

  it('checks the last digit of an NHS number', () => {
    const by = 'nhs_number' as const;
    expect(readIdentifier({ ...nothingTyped, by, number: '999 000 0018' })).toEqual({
      by,
      number: '9990000018',
    });
    expect(readIdentifier({ ...nothingTyped, by, number: '9990000019' })).toContain('NHS number');
  });

  it('requires nothing else with a photograph', () => {
    expect(readIdentifier({ ...nothingTyped, by: 'photograph' })).toEqual({ by: 'photograph' });
  });
});
