// Runs the browser tests against the real server; the last line is `N passed, N failed`. An argument
// selects the tests whose name contains it.
import * as boards from './boards.mjs';
import * as desk from './desk.mjs';
import * as deskRoom from './desk-room.mjs';
import * as deskWork from './desk-work.mjs';
import * as door from './door.mjs';
import * as faces from './faces.mjs';
import * as homes from './homes.mjs';
import * as intake from './intake.mjs';
import * as keyboard from './keyboard.mjs';
import * as keyboardBoards from './keyboard-boards.mjs';
import * as keyboardPerson from './keyboard-person.mjs';
import * as keyboardPhone from './keyboard-phone.mjs';
import * as keyboardPlaces from './keyboard-places.mjs';
import * as keyboardRoom from './keyboard-room.mjs';
import * as keyboardSeveral from './keyboard-several.mjs';
import * as help from './help.mjs';
import * as keeping from './keeping.mjs';
import * as live from './live.mjs';
import * as offline from './offline.mjs';
import * as paper from './paper.mjs';
import * as phone from './phone.mjs';
import * as filtered from './filtered.mjs';
import * as proxies from './proxies.mjs';
import { openStage } from './stage.mjs';
import * as takeaway from './takeaway.mjs';

const wanted = process.argv[2] ?? '';
const suites = [
  faces,
  boards,
  desk,
  deskWork,
  deskRoom,
  door,
  intake,
  paper,
  takeaway,
  homes,
  keyboard,
  keyboardPerson,
  keyboardRoom,
  keyboardSeveral,
  keyboardPlaces,
  keyboardPhone,
  keyboardBoards,
  keeping,
  live,
  help,
  offline,
  phone,
  filtered,
  proxies,
];
/** Timeout of one test, even on the slowest machine. */
const TEST_MS = 180_000;

let passed = 0;
/** The failures, each with the first line of its message. */
const failed = [];

/** Runs a test with a timeout. */
async function withinTime(test) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end in ${TEST_MS} ms`)), TEST_MS);
  });
  try {
    await Promise.race([test(), late]);
  } finally {
    clearTimeout(timer);
  }
}

const indented = (lines) => lines.map((line) => `        ${line}`).join('\n');

/** Runs one test and restores the stage, so that a failure does not affect later tests. */
async function run(stage, name, test) {
  const began = Date.now();
  const words = () => `${name} (${Date.now() - began} ms)`;
  try {
    await withinTime(test);
  } catch (error) {
    failed.push(`${words()}: ${error.message.split('\n')[0]}`);
    console.log(`failed  ${words()}`);
    console.log(indented(error.message.split('\n')));
    console.log(indented(await stage.tell(name)));
    if (!stage.isServed)
      throw new Error('the server has ended: the others are not run', { cause: error });
    await stage.renew();
    return;
  }
  passed += 1;
  console.log(`ok      ${words()}`);
  await stage.restore();
}

/** Runs the selected tests of all suites, in order. */
async function runAll(stage) {
  for (const suite of suites) {
    try {
      for (const test of suite.tests) {
        const name = `${suite.name}: ${test.name}`;
        if (name.includes(wanted)) await run(stage, name, () => test.run(stage));
      }
    } finally {
      await suite.close?.();
    }
  }
  await run(stage, 'no face broke the content security policy or threw', () => {
    const all = [...new Set(stage.complaints)];
    if (all.length > 0) throw new Error(all.join('\n'));
    return Promise.resolve();
  });
}

const stage = await openStage();
try {
  await runAll(stage);
} catch (error) {
  failed.push(error.message);
} finally {
  await stage.close();
}
// Printed last, where they are visible.
for (const words of failed) console.log(`FAILED  ${words}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
