import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Size limit of a face's first render: its scripts and styles together, compressed. */
const FACE_MAX_BYTES = 61_500;
/** Size limit of one lazily loaded part: somebody who opens it waits for it. */
const PART_MAX_BYTES = 30_000;

type Bundle = Rolldown.OutputBundle;

/** Whether a chunk is the entry of a face. */
function isFace(item: Bundle[string] | undefined): boolean {
  return item?.type === 'chunk' && item.facadeModuleId?.endsWith('/main.ts') === true;
}

/** Adds a file, and all that it loads, to the files of a face. */
function gather(bundle: Bundle, name: string, files: Set<string>, later: boolean): void {
  const item = bundle[name];
  if (item?.type !== 'chunk' || files.has(name)) return;
  files.add(name);
  for (const css of item.viteMetadata?.importedCss ?? []) files.add(css);
  // A watchdog fetches the face's own script separately, at once: it counts for the first render.
  const own = item.dynamicImports.filter((part) => isFace(bundle[part]));
  const next = later ? [...item.imports, ...item.dynamicImports] : [...item.imports, ...own];
  for (const one of next) gather(bundle, one, files, later);
}

function compressed(bundle: Bundle, name: string): number {
  const item = bundle[name];
  if (item === undefined) return 0;
  return gzipSync(item.type === 'chunk' ? item.code : item.source).length;
}

function weigh(bundle: Bundle, files: Iterable<string>): number {
  return [...files].reduce((sum, name) => sum + compressed(bundle, name), 0);
}

/** Returns what a file loads at once, or also all that it may load later. */
function loads(bundle: Bundle, entry: string, later: boolean): Set<string> {
  const files = new Set<string>();
  gather(bundle, entry, files, later);
  return files;
}

/** Returns each lazily loaded part, with what it adds to the files already loaded. */
function partsOf(bundle: Bundle, first: Set<string>, all: Set<string>): [string, number][] {
  const parts = new Set<string>();
  for (const name of all) {
    const item = bundle[name];
    if (item?.type === 'chunk') for (const part of item.dynamicImports) parts.add(part);
  }
  return [...parts].map((part) => {
    const added = [...loads(bundle, part, false)].filter((name) => !first.has(name));
    return [part, weigh(bundle, added)];
  });
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** Fails the build if a face is too large; prints the size of each. */
export function faceSize(): Plugin {
  let shipped = true;
  return {
    name: 'muster-face-size',
    apply: 'build',
    enforce: 'post',
    configResolved({ build }) {
      // Unminified builds for profiling are not shipped.
      shipped = build.minify !== false;
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        if (!shipped) return;
        for (const item of Object.values(bundle)) {
          if (item.type !== 'chunk' || !item.isEntry || item.name === 'sw') continue;
          const first = loads(bundle, item.fileName, false);
          const all = loads(bundle, item.fileName, true);
          const now = weigh(bundle, first);
          const words = `${item.name}: ${kb(now)} of JS and CSS, compressed; ${kb(weigh(bundle, all) - now)} later`;
          if (now > FACE_MAX_BYTES) this.error(`${words}; at most ${kb(FACE_MAX_BYTES)} at first`);
          for (const [part, bytes] of partsOf(bundle, first, all)) {
            if (bytes > PART_MAX_BYTES) {
              this.error(`${item.name}: ${part} adds ${kb(bytes)}; at most ${kb(PART_MAX_BYTES)}`);
            }
          }
          this.info(words);
        }
      },
    },
  };
}
