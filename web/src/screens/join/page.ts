import type { Audience } from '../../lib/proto/role';

/** Where each face is. */
export const page: Record<Audience, string> = {
  wall: '/wall',
  desk: '/desk',
  phone: '/m',
  sitrep: '/sitrep',
};

/** Milliseconds between two looks of a device that waits at the door. */
export const DOOR_POLL_MS = 2_000;
