import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/**
 * What a face may weigh before its first sight is drawn: its scripts and styles together, compressed.
 * Parts that are fetched behind the first sight may weigh as much again at most.
 */
const FACE_MAX_BYTES = 60_000;

type Bundle = Rolldown.OutputBundle;

/** Adds a file, and all that it loads, to what a face needs. */
function gather(bundle: Bundle, name: string, files: Set<string>, later: boolean): void {
  const item = bundle[name];
  if (item?.type !== 'chunk' || files.has(name)) return;
  files.add(name);
  for (const css of item.viteMetadata?.importedCss ?? []) files.add(css);
  const next = later ? [...item.imports, ...item.dynamicImports] : item.imports;
  for (const one of next) gather(bundle, one, files, later);
}

function compressed(bundle: Bundle, name: string): number {
  const item = bundle[name];
  if (item === undefined) return 0;
  return gzipSync(item.type === 'chunk' ? item.code : item.source).length;
}

function weigh(bundle: Bundle, entry: string, later: boolean): number {
  const files = new Set<string>();
  gather(bundle, entry, files, later);
  return [...files].reduce((sum, file) => sum + compressed(bundle, file), 0);
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** Fails the build when a face has grown too heavy; prints what each weighs. */
export function faceSize(): Plugin {
  return {
    name: 'muster-face-size',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const item of Object.values(bundle)) {
          if (item.type !== 'chunk' || !item.isEntry || item.name === 'sw') continue;
          const first = weigh(bundle, item.fileName, false);
          const later = weigh(bundle, item.fileName, true) - first;
          const words = `${item.name}: ${kb(first)} of JS and CSS, compressed; ${kb(later)} later`;
          if (Math.max(first, later) > FACE_MAX_BYTES) {
            this.error(`${words}; at most ${kb(FACE_MAX_BYTES)} each`);
          }
          this.info(words);
        }
      },
    },
  };
}
