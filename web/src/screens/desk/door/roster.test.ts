import { expect, test } from 'vitest';
import { readRoster, rolesIn } from './roster';

test('a roster copied from a spreadsheet is parsed by its headings', () => {
  const lines = readRoster(
    'Name\tRole\tAgency\tMobile\r\nTamsin Okoro\tDeputy / Staff support\tCouncil\t07700 900123\r\n\r\n',
  );
  expect(lines).toEqual([
    {
      line: 2,
      name: 'Tamsin Okoro',
      job: null,
      organisation: 'Council',
      mobile: '07700 900123',
      roles: ['deputy', 'staffsup'],
      fault: null,
    },
  ]);
});

test('a roster without headings is parsed by the form of its cells', () => {
  const [line] = readRoster('Bram Vellacott, Senior practitioner, 07700 900124, Transport');
  expect(line).toMatchObject({
    name: 'Bram Vellacott',
    job: 'Senior practitioner',
    mobile: '07700 900124',
    roles: ['transport'],
  });
});

test("a roster in the desk's own column order is parsed in that order", () => {
  const [line] = readRoster('Gwen Parry, Named social worker, Seaborough council, 07700 900123');
  expect(line).toMatchObject({
    name: 'Gwen Parry',
    roles: ['named_sw'],
    job: null,
    organisation: 'Seaborough council',
    mobile: '07700 900123',
  });
});

test('a name alone on each line is enough', () => {
  expect(readRoster('Tamsin Okoro\nBram Vellacott').map(({ name }) => name)).toEqual([
    'Tamsin Okoro',
    'Bram Vellacott',
  ]);
});

test('an invalid line is kept, with the reason', () => {
  const lines = readRoster('Name;Role\n;Transport\nBram Vellacott;Wizard');
  expect(lines.map(({ fault }) => fault)).toEqual([
    'no name is on this line',
    'the role "Wizard" is not one of the procedure\'s',
  ]);
});

test('script and formula text stay text', () => {
  const [line] = readRoster('=cmd()<script>\tTransport');
  expect(line?.name).toBe('=cmd()<script>');
});

test('roles are recognized by their words, their short words and their codes', () => {
  expect(rolesIn('named_sw')).toEqual(['named_sw']);
  expect(rolesIn('Family liaison and Packing')).toEqual(['family', 'meds']);
  expect(rolesIn('nobody')).toEqual([]);
});
