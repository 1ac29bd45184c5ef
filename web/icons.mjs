// Draws the icons of the home screen from the one drawing: `node icons.mjs`, after it changed.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { chromium } from 'playwright-core';

const here = import.meta.dirname;
const drawing = await readFile(join(here, 'src', 'screens', 'icon.svg'), 'utf8');
const executablePath = env.MUSTER_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const size of [180, 192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${drawing}`);
  await writeFile(join(here, 'public', `icon-${size}.png`), await page.screenshot());
}
await browser.close();
