import type { Envelope } from './wire/command';
import type { Rows } from './wire/frame';
import type { CommandsAnswer, CommandsRequest, ErrorAnswer, Me, RedeemRequest } from './wire/http';
import type { Cursor, PersonId, RoomId, Seq } from './wire/id';
import { REQUEST_MS } from './wire/limits';
import type { Card } from './wire/person';
import type { Audience } from './wire/role';
import { copy } from './copy';
import type { Polled } from './link-options';
import type { World } from './world';

/** The server refused the request. Without signal there is no response and no `ApiError`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly words: string,
  ) {
    super(words);
    this.name = 'ApiError';
  }

  /** Whether this login has expired or does not exist. */
  get shut(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/**
 * Something on the network answered in place of the server: a filter, a captive portal, a proxy without a
 * node. The response says nothing about this login or the request, and counts as no response.
 */
export class NotTheServer extends Error {
  constructor(readonly status: number) {
    super(`something on the way answered ${status}`);
    this.name = 'NotTheServer';
  }
}

/** A proxy also refuses a body that is too large; smaller requests get through. */
const TOO_LARGE = 413;

/** What one face asks of the server by HTTP. */
export interface Api {
  me(giveUp?: AbortSignal): Promise<Me>;
  /** Fetches every row; the server's room must include the last entry acknowledged to this device (I-22). */
  rows(room: RoomId, after: Seq): Promise<Rows>;
  /** Fetches every row, or null rows if nothing has changed since the cursor. */
  poll(room: RoomId, at: Cursor | null, after: Seq): Promise<Polled>;
  send(room: RoomId, commands: Envelope[], giveUp?: AbortSignal): Promise<CommandsAnswer>;
  card(room: RoomId, person: PersonId): Promise<Card>;
  redeem(secret: string): Promise<Me>;
  logout(): Promise<void>;
  /** Sends a request that only one part of a face needs; a blob is sent unchanged. */
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
}

/** Creates the API client of a face; the face's name selects the cookie that the server reads. */
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

/** Parses a refusal; every refusal by the server has a code and words. */
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
