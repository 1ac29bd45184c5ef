import type { Export, ExportRequest } from '../../../lib/wire/export';
import type { ErrorAnswer } from '../../../lib/wire/http';
import type { RoomId } from '../../../lib/wire/id';

/** The result of an export: the file's name and bytes, or why there is none. */
export type Taken =
  | { is: 'taken'; name: string; entry: string | null; body: Blob }
  | { is: 'refused'; words: string };

const unreachable =
  'The room cannot be reached from here, or the file broke off on the way. Nothing was saved; try again.';

/** Requests an export; the room's log records it before the file arrives. */
export async function take(
  room: RoomId,
  wanted: Export,
  why: string,
  fetch: typeof window.fetch = window.fetch.bind(window),
): Promise<Taken> {
  try {
    const answer = await fetch(`/api/rooms/${room}/exports/${wanted}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-muster-face': 'desk' },
      credentials: 'same-origin',
      cache: 'no-store',
      body: JSON.stringify({ why } satisfies ExportRequest),
    });
    if (!answer.ok) {
      const said = (await answer.json().catch(() => ({}))) as Partial<ErrorAnswer>;
      const words =
        answer.status === 503
          ? 'The room is busy, perhaps with another file. Wait a moment and try again.'
          : (said.words ?? unreachable);
      return { is: 'refused', words };
    }
    const name = fileName(answer.headers.get('content-disposition')) ?? `muster_${wanted}`;
    const entry = /_entry-(\d+)\./.exec(name)?.[1] ?? null;
    return { is: 'taken', name, entry, body: await answer.blob() };
  } catch {
    return { is: 'refused', words: unreachable };
  }
}

/** Returns the name that the server gave the file. */
export function fileName(disposition: string | null): string | null {
  return /filename="([\w.-]+)"/.exec(disposition ?? '')?.[1] ?? null;
}

/** When a saved file's blob is released, in milliseconds: the browser has its bytes by then. */
const LET_GO_MS = 60_000;

/** Hands a file to the browser to save. */
export function save(name: string, body: Blob): void {
  const url = URL.createObjectURL(body);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, LET_GO_MS);
}
