import { expect, test } from 'vitest';
import { Typed } from './typed.svelte';

test('what is typed stands while the rest of the row changes, and goes when the field itself does', () => {
  let row = $state.raw({ vehicle: 'V1', rating: 'watch' });
  const stop = $effect.root(() => {
    const vehicle = new Typed(() => row.vehicle);
    expect(vehicle.value).toBe('V1');
    vehicle.value = 'V2, wheelchair';
    row = { ...row, rating: 'at_risk' };
    expect(vehicle.value).toBe('V2, wheelchair');
    row = { ...row, vehicle: 'V7' };
    expect(vehicle.value).toBe('V7');
  });
  stop();
});
