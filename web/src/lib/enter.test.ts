import { describe, expect, it } from 'vitest';
import { ApiError, NotTheServer } from './api';
import { comeIn } from './enter';
import type { Me } from './wire/http';
import { chance, settle } from './testing/chance';
import { SimWorld } from './testing/sim-world';

const me: Me = { room: 'r', audience: 'phone', member: 'm', name: 'Dot', label: null, roles: [] };
const lost = () => Promise.reject(new TypeError('no answer'));

describe('opening a face', () => {
  it('a phone restores its last identity after three seconds without a response', async () => {
    const world = new SimWorld(chance(1));
    const silent = (giveUp?: AbortSignal) =>
      new Promise<Me>((_, reject) => {
        giveUp?.addEventListener('abort', () => {
          reject(new Error('given up'));
        });
      });
    const began = world.now();
    const entered = comeIn({ me: silent }, world, me, () => undefined);
    await settle();
    world.step();
    expect((await entered)?.me).toEqual(me);
    expect(world.now() - began).toBe(3_000);
  });

  it('sends nothing under a login other than the one stored on the phone', async () => {
    const world = new SimWorld(chance(1));
    let answer: () => Promise<Me> = lost;
    const entered = await comeIn({ me: () => answer() }, world, me, () => undefined);
    await expect(entered?.sure()).rejects.toThrow('no answer');
    answer = () => Promise.resolve({ ...me, member: 'another' });
    expect(await entered?.sure()).toBe(false);
    answer = () => Promise.resolve(me);
    expect(await entered?.sure()).toBe(false);
  });

  it('asks once, then reuses the answer', async () => {
    const world = new SimWorld(chance(1));
    let asked = 0;
    let answer: () => Promise<Me> = lost;
    const api = {
      me: () => {
        asked += 1;
        return answer();
      },
    };
    const entered = await comeIn(api, world, me, () => undefined);
    answer = () => Promise.resolve(me);
    expect(await entered?.sure()).toBe(true);
    expect(await entered?.sure()).toBe(true);
    expect(asked).toBe(2);
  });

  it('reports a logged-out user, whatever the phone has stored', async () => {
    const world = new SimWorld(chance(1));
    const out = () => Promise.reject(new ApiError(401, 'no_login', 'not logged in'));
    expect(await comeIn({ me: out }, world, me, () => undefined)).toBeNull();
  });

  it('a phone restores its last identity when a filter blocks its request', async () => {
    const world = new SimWorld(chance(1));
    const filtered = () => Promise.reject(new NotTheServer(403));
    const entered = await comeIn({ me: filtered }, world, me, () => undefined);
    expect(entered?.me).toEqual(me);
    await expect(entered?.sure()).rejects.toBeInstanceOf(NotTheServer);
  });

  it('a phone with no stored identity waits for the server', async () => {
    const world = new SimWorld(chance(1));
    let tries = 0;
    let silences = 0;
    const api = {
      me: () => {
        tries += 1;
        return tries < 3 ? lost() : Promise.resolve(me);
      },
    };
    const entered = comeIn(api, world, null, () => (silences += 1));
    for (let n = 0; n < 3; n += 1) {
      await settle();
      world.step();
    }
    expect((await entered)?.me).toEqual(me);
    expect(silences).toBe(2);
  });
});
