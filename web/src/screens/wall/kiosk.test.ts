import { expect, it } from 'vitest';
import type { LinkState } from '../../lib/link-state';
import { signOf } from './kiosk';

const door = { is: 'open', me: {} as never } as const;
const sign = (state: LinkState, newBuild = false) => signOf({ door, link: { state, newBuild } });

it('a polling wall is not reloaded, because a reloaded page would poll as well', () => {
  expect(sign({ is: 'live' })).toBe('live');
  expect(sign({ is: 'not_live', asAt: 1, answers: true })).toBe('live');
  expect(sign({ is: 'not_live', asAt: 1, answers: false })).toBe('away');
  expect(sign({ is: 'catching_up' })).toBe('away');
});

it('a wall reports when a reload would help, and when it has no login', () => {
  expect(sign({ is: 'live' }, true)).toBe('new');
  expect(sign({ is: 'ended', words: 'x', reload: true })).toBe('new');
  expect(sign({ is: 'ended', words: 'x', reload: false })).toBe('out');
  const link = { state: { is: 'live' }, newBuild: false } as const;
  expect(signOf({ door: { is: 'shut', words: 'x' }, link })).toBe('out');
});
