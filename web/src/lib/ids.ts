import type { CommandId } from './wire/id';

/**
 * Creates a command id: a UUID version 7, so that ids sort by creation time. Uses `getRandomValues` because
 * older phones and plain http lack `randomUUID`.
 */
export function freshId(now: number, fill: (bytes: Uint8Array<ArrayBuffer>) => void): CommandId {
  const bytes = new Uint8Array(16);
  fill(bytes);
  let rest = Math.max(0, Math.floor(now));
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [0, 8, 12, 16, 20]
    .map((start, at, starts) => hex.slice(start, starts[at + 1] ?? 32))
    .join('-');
}
