import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * Writes into the service worker the list of what the phone needs without signal: its page, scripts, styles
 * and the fonts they name. The list comes from the bundle's own graph, because name patterns would silently
 * miss shared chunks and the phone would open on a blank page.
 */
export function phoneShell(): Plugin {
  return {
    name: 'muster-phone-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = new Set<string>();
        const visit = (name: string): void => {
          const item = bundle[name];
          if (item?.type !== 'chunk' || files.has(name)) return;
          files.add(name);
          for (const css of item.viteMetadata?.importedCss ?? []) files.add(css);
          for (const asset of item.viteMetadata?.importedAssets ?? []) files.add(asset);
          for (const next of [...item.imports, ...item.dynamicImports]) visit(next);
        };
        for (const item of Object.values(bundle)) {
          if (item.type === 'chunk' && item.isEntry && item.name === 'm') visit(item.fileName);
        }
        for (const item of Object.values(bundle)) {
          if (item.type !== 'asset' || !item.fileName.endsWith('.woff2')) continue;
          files.add(item.fileName);
        }
        const worker = bundle['sw.js'];
        if (worker?.type !== 'chunk') throw new Error('the service worker is not in the bundle');
        const list = ['/m', ...[...files].sort().map((file) => `/${file}`)];
        const version = createHash('sha256').update(list.join('\n')).digest('hex').slice(0, 12);
        worker.code = worker.code
          .replaceAll('__SHELL_FILES__', JSON.stringify(list))
          .replaceAll('__SHELL_VERSION__', JSON.stringify(version));
      },
    },
  };
}
