import type { Audience } from '../../lib/wire/role';

/** The address of each face. */
export const page: Record<Audience, string> = {
  wall: '/wall',
  desk: '/desk',
  phone: '/m',
  sitrep: '/sitrep',
};

/** Poll interval of a device waiting at the door, in milliseconds. */
export const DOOR_POLL_MS = 2_000;
