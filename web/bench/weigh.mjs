import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = join(import.meta.dirname, '..', 'dist');
const PAGES = { wall: 'wall.html', desk: 'desk.html', phone: 'm.html', sitrep: 'sitrep.html' };

const named = (text) => new Set(text.match(/[\w.-]+-[\w-]{8}\.(?:js|css)/g) ?? []);
const read = (name) => readFileSync(join(DIST, 'assets', name), 'utf8');
const compressed = (names) =>
  [...names].reduce((sum, name) => sum + gzipSync(read(name)).length, 0);

/** Returns what each face loads before its first sight, and what it may load later, in bytes gzipped. */
export function weights() {
  return Object.entries(PAGES).map(([face, page]) => {
    const first = named(readFileSync(join(DIST, page), 'utf8'));
    const all = new Set(first);
    for (const name of all) {
      if (name.endsWith('.js')) for (const part of named(read(name))) all.add(part);
    }
    const later = [...all].filter((name) => !first.has(name));
    return { face, first: compressed(first), later: compressed(later) };
  });
}
