import { expect, test } from 'vitest';
import { fileName, take } from './take';

const answers = (answer: Response | Error) => () =>
  answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);

test('a file keeps the name that the server gave it, with its entry', async () => {
  const headers = {
    'content-disposition': 'attachment; filename="muster_people_2026-11-22_0430_entry-417.csv"',
  };
  const taken = await take('r', 'people.csv', 'x', answers(new Response('a,b', { headers })));
  expect(taken).toMatchObject({ is: 'taken', entry: '417' });
  expect(taken.is === 'taken' && taken.name).toBe('muster_people_2026-11-22_0430_entry-417.csv');
});

test('a name with a path is not used', () => {
  expect(fileName('attachment; filename="../evil.exe"')).toBeNull();
  expect(fileName('attachment; filename="a/b.csv"')).toBeNull();
  expect(fileName(null)).toBeNull();
});

test("a refusal shows the server's words, and a busy room the desk's own", async () => {
  const no = new Response('{"error":"not_yours","words":"Ask the lead."}', { status: 403 });
  expect(await take('r', 'log.csv', 'x', answers(no))).toEqual({
    is: 'refused',
    words: 'Ask the lead.',
  });
  const busy = await take('r', 'log.csv', 'x', answers(new Response('', { status: 503 })));
  expect(busy).toMatchObject({ is: 'refused', words: expect.stringContaining('busy') as string });
});

test('an incomplete download is not saved', async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([1]));
      controller.error(new TypeError('network'));
    },
  });
  for (const answer of [new Response(broken), new TypeError('offline')]) {
    const taken = await take('r', 'log.jsonl', 'x', answers(answer));
    expect(taken).toMatchObject({
      is: 'refused',
      words: expect.stringContaining('Nothing') as string,
    });
  }
});
