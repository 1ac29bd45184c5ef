// Runs the browser tests against the real server; the last line is `N passed, N failed`.
// A word after the command runs only the tests whose name holds it.
import * as boards from './boards.mjs';
import * as desk from './desk.mjs';
import * as deskRoom from './desk-room.mjs';
import * as deskWork from './desk-work.mjs';
import * as door from './door.mjs';
import * as faces from './faces.mjs';
import * as homes from './homes.mjs';
import * as intake from './intake.mjs';
import * as help from './help.mjs';
import * as live from './live.mjs';
import * as offline from './offline.mjs';
import * as paper from './paper.mjs';
import * as phone from './phone.mjs';
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
  live,
  help,
  offline,
  phone,
];
let passed = 0;
let failed = 0;

async function run(name, test) {
  const began = Date.now();
  try {
    await test();
    passed += 1;
    console.log(`ok      ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n        ${error.message.split('\n').join('\n        ')}`);
  }
}

const stage = await openStage();
for (const suite of suites) {
  for (const test of suite.tests) {
    const name = `${suite.name}: ${test.name}`;
    if (name.includes(wanted)) await run(name, () => test.run(stage));
  }
}
await run('no face broke the content security policy or threw', () => {
  const all = [...new Set(stage.complaints)];
  if (all.length > 0) throw new Error(all.join('\n'));
  return Promise.resolve();
});
await stage.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
