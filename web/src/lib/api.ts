import type { Card } from './proto/card';
import type { Envelope } from './proto/command';
import type { Rows } from './proto/frame';
import type { CommandsAnswer, CommandsRequest, ErrorAnswer, Me, RedeemRequest } from './proto/http';
import type { Cursor, PersonId, RoomId, Seq } from './proto/id';
import type { Audience } from './proto/role';
import { REQUEST_MS } from './proto/limits';
import { copy } from './copy';
import type { Polled } from './link-options';
import type { World } from './world';

/** The server answered, and the answer is no. Without signal there is no answer and no `ApiError`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly words: string,
  ) {
    super(words);
    this.name = 'ApiError';
  }

  /** Whether this login has ended or never reached so far. */
  get shut(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/**
 * Something on the way answered in the server's place: a filter, a portal, a proxy without a node. It
 * says nothing of this login or of what was sent, and counts as no answer.
 */
export class NotTheServer extends Error {
  constructor(readonly status: number) {
    super(`something on the way answered ${status}`);
    this.name = 'NotTheServer';
  }
}

/** A body that is too large is refused on the way too, and comes through in smaller parts. */
const TOO_LARGE = 413;

/** What one face asks of the server by HTTP. */
export interface Api {
  me(giveUp?: AbortSignal): Promise<Me>;
  /** Every row, from no older room than the last entry that this device was told of (I-22). */
  rows(room: RoomId, after: Seq): Promise<Rows>;
  /** The same, and none where nothing has changed since the cursor. */
  poll(room: RoomId, at: Cursor | null, after: Seq): Promise<Polled>;
  send(room: RoomId, commands: Envelope[], giveUp?: AbortSignal): Promise<CommandsAnswer>;
  card(room: RoomId, person: PersonId): Promise<Card>;
  redeem(secret: string): Promise<Me>;
  logout(): Promise<void>;
  /** Asks at an address that only one part of a face needs; a blob goes as it is. */
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
}

/** Opens the way to the server for a face; the face's name tells the server which cookie to read. */
export function openApi(face: Audience | null, world: Pick<World, 'fetch' | 'after'>): Api {
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    givenUp?: AbortSignal,
  ): Promise<Response> => {
    const giveUp = new AbortController();
    givenUp?.addEventListener('abort', () => {
      giveUp.abort();
    });
    const cancel = world.after(REQUEST_MS, () => {
      giveUp.abort();
    });
    const headers: Record<string, string> = { accept: 'application/json' };
    if (face !== null) headers['x-muster-face'] = face;
    const file = body instanceof Blob;
    if (body !== undefined) headers['content-type'] = file ? body.type : 'application/json';
    try {
      const answer = await world.fetch(path, {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: giveUp.signal,
        ...(body === undefined ? {} : { body: file ? body : JSON.stringify(body) }),
      });
      if (!answer.ok) throw await refusal(answer);
      return answer;
    } finally {
      cancel();
    }
  };
  const json = async <T>(answer: Promise<Response>): Promise<T> =>
    (await (await answer).json()) as T;

  const rowsOf = (room: RoomId, after: Seq) =>
    `/api/rooms/${room}/rows?audience=${face ?? ''}&after=${after}`;

  return {
    me: (giveUp) => json<Me>(ask('GET', '/api/me', undefined, giveUp)),
    rows: (room, after) => json<Rows>(ask('GET', rowsOf(room, after))),
    poll: async (room, at, after) => {
      const held = at === null ? '' : `&at=${at.seq}.${at.tag}`;
      const answer = await ask('GET', rowsOf(room, after) + held);
      const rows = answer.status === 204 ? null : ((await answer.json()) as Rows);
      const time = Date.parse(answer.headers.get('date') ?? '');
      return { rows, time: Number.isNaN(time) ? null : time };
    },
    send: (room, commands, giveUp) =>
      json<CommandsAnswer>(
        ask('POST', `/api/rooms/${room}/commands`, { commands } satisfies CommandsRequest, giveUp),
      ),
    card: (room, person) => json<Card>(ask('GET', `/api/rooms/${room}/people/${person}`)),
    redeem: (secret) =>
      json<Me>(ask('POST', '/api/invites/redeem', { secret } satisfies RedeemRequest)),
    call: (method, path, body) => json(ask(method, path, body)),
    logout: async () => {
      await ask('POST', '/api/logout', {});
    },
  };
}

/** Returns what a no means; every no of the server has a code and words. */
async function refusal(answer: Response): Promise<Error> {
  const said = await answer
    .json()
    .then((body: unknown) => body as Partial<ErrorAnswer> | null)
    .catch(() => null);
  const { error, words } = said ?? {};
  if (typeof error === 'string' && typeof words === 'string') {
    return new ApiError(answer.status, error, words);
  }
  if (answer.status === TOO_LARGE) return new ApiError(TOO_LARGE, 'too_large', copy.error.tooLarge);
  return new NotTheServer(answer.status);
}
