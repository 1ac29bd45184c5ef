import { expect, test } from 'vitest';
import { Typed } from './typed.svelte';

test('typed input survives changes of the rest of the row, and is replaced when the field itself changes', () => {
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
