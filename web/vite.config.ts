import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { phoneShell } from './shell.ts';
import { faceSize } from './size.ts';

const testing = process.env['VITEST'] !== undefined;

/** One build, five pages: the server serves each at its own path and the rest under `/assets`. */
export default defineConfig({
  plugins: [svelte(), ...(testing ? [svelteTesting()] : []), phoneShell(), faceSize()],
  define: {
    // The name of a planted bug, set by `cargo xtask plants`; empty in shipped builds.
    __PLANT__: JSON.stringify(process.env['MUSTER_PLANT'] ?? ''),
  },
  build: {
    // Phones of the last five years. Older ones would cost every other one kilobytes of private fields.
    target: ['es2022', 'safari15', 'chrome91', 'firefox90'],
    // Both would inline scripts or data URLs, which the content security policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      treeshake: {
        // The package's reactive sets would pull in its unused dates and addresses.
        moduleSideEffects: [{ test: /svelte\/src\/reactivity\//, sideEffects: false }],
      },
      input: {
        wall: 'wall.html',
        m: 'm.html',
        desk: 'desk.html',
        sitrep: 'sitrep.html',
        join: 'join.html',
        sw: 'src/screens/phone/sw.ts',
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/lib/testing/setup.ts'],
    maxWorkers: 2,
  },
});
