// Keyboard input for the tests: no pointer, and no script sets the focus.
import { residents } from './desk-work.mjs';
import { assert, until } from './stage.mjs';

/** The most presses of Tab in one search. */
const PRESSES_MAX = 160;

/** Opens a view of the desk by its key, from a freshly loaded page. */
export async function tab(stage, key, title) {
  const desk = await residents(stage);
  await desk.keyboard.press(key);
  await desk.getByRole('heading', { level: 1, name: title }).waitFor();
  return desk;
}

/** Finds a person by reference, and opens them. */
export async function find(desk, reference) {
  await desk.keyboard.press('/');
  await desk.keyboard.type(reference);
  await until('one is found', async () => (await desk.locator('tbody tr').count()) === 1);
  await desk.keyboard.press('Enter');
  await desk.keyboard.press('Enter');
  const panel = desk.getByRole('complementary', { name: 'One resident' });
  await panel.waitFor();
  await until('the name has the focus', () =>
    desk.evaluate(() => document.activeElement?.tagName === 'H2'),
  );
  return panel;
}

/** Closes the person that a search opened, and the search. */
export async function leave(desk) {
  await desk.keyboard.press('Escape');
  await until('the hand is back in the table', () =>
    desk.evaluate(() => document.activeElement?.closest('tbody') !== null),
  );
  await desk.keyboard.press('/');
  await desk.keyboard.press('Escape');
}

/** Returns the focused element: its accessible name, and whether it is fully hidden. */
function held(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return { called: '', hidden: false };
    const words = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
    const called = words.replace(/\s+/g, ' ').trim();
    // A visually hidden heading is not a target of keys.
    if (at.matches('h1.visually-hidden')) return { called, hidden: false };
    const box = at.getBoundingClientRect();
    const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
    const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
    const parts = [0.02, 0.25, 0.5, 0.75, 0.98];
    const seen = parts.some((across) =>
      parts.some((down) => {
        const x = left + (right - left) * across;
        const hit = document.elementFromPoint(x, top + (bottom - top) * down);
        return hit !== null && (at.contains(hit) || [...(at.labels ?? [])].includes(hit));
      }),
    );
    return { called, hidden: right <= left || bottom <= top || !seen };
  });
}

/** Returns the accessible name of the focused element; empty if only the page has the focus. */
export async function focus(page) {
  return (await held(page)).called;
}

/** Presses keys in order; every focused element on the way must be visible (WCAG 2.4.11). */
export async function walk(page, keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    const at = await held(page);
    assert(at.called !== '', `${key}: the focus is lost`);
    assert(!at.hidden, `${key}: "${at.called}" has the focus and cannot be seen`);
  }
}

/**
 * Presses Tab until the element with this name has the focus; none on the way may be hidden (WCAG 2.4.11).
 */
export async function tabTo(page, called, key = 'Tab') {
  for (let press = 0; press < PRESSES_MAX; press += 1) {
    await page.keyboard.press(key);
    const at = await held(page);
    assert(!at.hidden, `"${at.called}" has the focus and cannot be seen`);
    if (called.test(at.called)) return;
  }
  throw new Error(`Tab does not come to ${called}`);
}

/** Moves the focus to the element with this name, and presses it. */
export async function enter(page, called) {
  await tabTo(page, called);
  await page.keyboard.press('Enter');
}

/** Moves the focus to the element with this name, and ticks it. */
export async function tick(page, called) {
  await tabTo(page, called);
  await page.keyboard.press('Space');
}

/** Moves the focus to the field with this name, and types. */
export async function type(page, called, words) {
  await tabTo(page, called);
  await page.keyboard.type(words);
}

/** Moves the focus to the choice with this name, and selects the option with this prefix. */
export async function choose(page, called, option) {
  await tabTo(page, called);
  await page.keyboard.type(option);
}

/** Waits until a change is in the room and visible; then the focus must not be lost (WCAG 2.4.3). */
export async function kept(page, what, done, seen = null) {
  await until(what, done);
  if (seen !== null) await seen.waitFor();
  await until(`${what}: the focus is not lost`, async () => (await focus(page)) !== '');
  const at = await held(page);
  assert(!at.hidden, `${what}: "${at.called}" has the focus and cannot be seen`);
}

/** Moves from need to need until the focus is in this one. */
export async function needTo(desk, item) {
  for (let press = 0; press < PRESSES_MAX; press += 1) {
    await desk.keyboard.press('j');
    if (await item.evaluate((one) => one === document.activeElement)) return;
  }
  throw new Error('j does not come to it');
}
