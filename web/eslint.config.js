import js from '@eslint/js';
import prettier from 'eslint-config-prettier/flat';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/**
 * Forbids imports that match the patterns: screens -> ui, lib; ui -> lib; nothing imports screens.
 *
 * @param {string[]} group what may not be imported
 * @param {string} message the rule in words
 */
const forbid = (group, message) => ({
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default defineConfig(
  globalIgnores(['dist', 'test-results', 'src/lib/wire']),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.svelte'],
        parser: ts.parser,
        svelteConfig,
      },
    },
    rules: { 'svelte/button-has-type': 'error' },
  },
  { files: ['src/**'], languageOptions: { globals: globals.browser } },
  { files: ['tests/**', 'bench/**', '*.js', '*.ts'], languageOptions: { globals: globals.node } },
  // What `evaluate` is handed runs in the page.
  { files: ['tests/**', 'bench/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['src/lib/**'],
    ...forbid(['**/ui/**', '**/screens/**'], 'lib imports neither ui nor screens'),
  },
  { files: ['src/ui/**'], ...forbid(['**/screens/**'], 'ui imports lib only') },
  {
    files: ['src/screens/**'],
    ...forbid(
      ['**/screens/**', '../wall/**', '../desk/**', '../phone/**', '../sitrep/**', '../join/**'],
      'a screen imports ui and lib, never another screen',
    ),
  },
  prettier,
  svelte.configs.prettier,
);
