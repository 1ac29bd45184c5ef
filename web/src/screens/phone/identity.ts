import type { SecondIdentifier } from '../../lib/wire/identity';

/** The input of a second identity check. */
export interface Typed {
  by: SecondIdentifier['by'];
  day: string;
  month: string;
  year: string;
  number: string;
  code: string;
  carer: string;
}

export const nothingTyped: Typed = {
  by: 'date_of_birth',
  day: '',
  month: '',
  year: '',
  number: '',
  code: '',
  carer: '',
};

/** Returns the identifier, or the problem with the input, in words. */
export function readIdentifier(typed: Typed): SecondIdentifier | string {
  switch (typed.by) {
    case 'date_of_birth': {
      const date = readDate(typed);
      return date === null ? BAD_DATE : { by: 'date_of_birth', date };
    }
    case 'nhs_number': {
      const number = typed.number.replaceAll(/[\s-]/g, '');
      return isNhsNumber(number)
        ? { by: 'nhs_number', number }
        : 'That is not an NHS number. It has 10 digits: check each one.';
    }
    case 'wristband': {
      const code = typed.code.trim();
      return code === '' ? 'Type the code on the wristband.' : { by: 'wristband', code };
    }
    case 'photograph':
      return { by: 'photograph' };
    case 'carer': {
      const date = readDate(typed);
      const carer = typed.carer.trim();
      if (carer === '') return 'Type the name of the carer who knows the person.';
      return date === null ? BAD_DATE : { by: 'carer', carer, date };
    }
  }
}

const BAD_DATE = 'That is not a date. Type day, month and year, for example 4 3 1938.';

function readDate({ day, month, year }: Typed): string | null {
  const [d, m, y] = [Number(day), Number(month), Number(year)];
  if (!/^\d{4}$/.test(year.trim())) return null;
  const date = new Date(Date.UTC(y, m - 1, d));
  if (date.getUTCDate() !== d || date.getUTCMonth() !== m - 1) return null;
  return date.toISOString().slice(0, 10);
}

/** Ten digits; the last is a check digit. */
function isNhsNumber(number: string): boolean {
  if (!/^\d{10}$/.test(number)) return false;
  const digits = Array.from(number, Number);
  const sum = digits.slice(0, 9).reduce((total, digit, at) => total + digit * (10 - at), 0);
  return (11 - (sum % 11)) % 11 === digits[9];
}
