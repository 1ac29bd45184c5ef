import { describe, expect, it } from 'vitest';
import { ApiError, NotTheServer } from './api';
import { comeIn } from './enter';
import type { Me } from './proto/http';
import { chance, settle } from './testing/chance';
import { SimWorld } from './testing/sim-world';

const me: Me = { room: 'r', audience: 'phone', member: 'm', name: 'Dot', label: null, roles: [] };
const lost = () => Promise.reject(new TypeError('no answer'));

describe('opening a face', () => {
  it('a phone whose server says nothing is who it was, after three seconds', async () => {
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

  it('sends nothing under a login that is not the one the phone knew', async () => {
    const world = new SimWorld(chance(1));
    let answer: () => Promise<Me> = lost;
    const entered = await comeIn({ me: () => answer() }, world, me, () => undefined);
    await expect(entered?.sure()).rejects.toThrow('no answer');
    answer = () => Promise.resolve({ ...me, member: 'another' });
    expect(await entered?.sure()).toBe(false);
    answer = () => Promise.resolve(me);
    expect(await entered?.sure()).toBe(false);
  });

  it('asks once, and then knows', async () => {
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

  it('whoever is logged out is told so, whatever the phone kept', async () => {
    const world = new SimWorld(chance(1));
    const out = () => Promise.reject(new ApiError(401, 'no_login', 'not logged in'));
    expect(await comeIn({ me: out }, world, me, () => undefined)).toBeNull();
  });

  it('a phone that a filter on the way turns away is who it was', async () => {
    const world = new SimWorld(chance(1));
    const filtered = () => Promise.reject(new NotTheServer(403));
    const entered = await comeIn({ me: filtered }, world, me, () => undefined);
    expect(entered?.me).toEqual(me);
    await expect(entered?.sure()).rejects.toBeInstanceOf(NotTheServer);
  });

  it('a phone that knows nobody waits for the server', async () => {
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
