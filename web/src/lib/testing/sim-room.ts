import type { Polled } from '../link-options';
import type { Envelope } from '../wire/command';
import type { ClientFrame, Rows, ServerFrame } from '../wire/frame';
import type { CommandsAnswer } from '../wire/http';
import type { CommandId, Cursor, Seq, Tag } from '../wire/id';
import type { Key } from '../wire/key';
import type { Fate } from '../wire/outcome';
import type { PhonePerson } from '../wire/person';
import type { Put, Row } from '../wire/row';
import type { SimSocket, SimWorld } from './sim-world';

export const ROOM = '01920000-0000-7000-8000-000000000001';

/** Fault rates of the simulated network; each is a probability per message. */
export interface Faults {
  drop: number;
  double: number;
  reorder: number;
  cut: number;
  resync: number;
  lostRequest: number;
  lostAnswer: number;
  refuse: number;
  retry: number;
}

export const calm: Faults = {
  drop: 0,
  double: 0,
  reorder: 0,
  cut: 0,
  resync: 0,
  lostRequest: 0,
  lostAnswer: 0,
  refuse: 0,
  retry: 0,
};

interface Entry {
  tag: Tag;
  touched: Key[];
  command: CommandId | null;
}

const LATENCY_MS = 40;

/** A miniature server: a journal, its state, frames by cursor, and outcomes by command id. */
export class SimRoom {
  readonly entries: Entry[] = [];
  readonly state = new Map<Key, Row>();
  /** Every state that was ever true, by the tag of its entry: what a screen may show. */
  readonly folds = new Map<Tag, string>();
  readonly outcomes = new Map<CommandId, { body: string; fate: Fate }>();
  readonly sockets = new Set<SimSocket>();
  faults: Faults = calm;
  /** Whether the network passes sockets; requests always pass. */
  letsSockets = true;
  /** Whether a part of the history was lost. */
  restored = false;
  #made = 0;

  constructor(
    readonly world: SimWorld,
    readonly random: () => number,
  ) {
    for (let n = 0; n < 4; n += 1) this.append([[`person/p${n}`, person(`p${n}`)]], null);
    world.connecting = (socket) => {
      this.#connected(socket);
    };
    world.heard = (socket, text) => {
      this.#heard(socket, text);
    };
  }

  get head(): Cursor {
    const last = this.entries.at(-1);
    return { seq: this.entries.length, tag: last?.tag ?? '0000000000000000' };
  }

  /** Appends an entry and notifies the sockets. */
  append(rows: [Key, Row | null][], command: CommandId | null): Seq {
    this.#made += 1;
    const tag = this.#made.toString(16).padStart(16, '0');
    for (const [key, row] of rows) {
      if (row) this.state.set(key, row);
      else this.state.delete(key);
    }
    this.entries.push({ tag, touched: rows.map(([key]) => key), command });
    this.folds.set(tag, foldText(this.state));
    for (const socket of this.sockets) this.#push(socket);
    return this.entries.length;
  }

  /** Makes a change that does not come from the phone. */
  stir(): void {
    const n = Math.floor(this.random() * 4);
    const key = `person/p${n}`;
    const row = this.state.get(key);
    const log: Key = `log/${this.entries.length + 1}`;
    const line = { row: 'phone_log' as const, seq: 0, at: 0, text: 'x', corrected_by: null };
    const gone = [...this.state.keys()].find((one) => one.startsWith('log/'));
    const roll = this.random();
    if (roll < 0.4 && row?.row === 'phone_person') {
      this.append([[key, { ...row, bedroom: String(this.entries.length) }]], null);
    } else if (roll < 0.8 || gone === undefined) this.append([[log, line]], null);
    else this.append([[gone, null]], null);
  }

  /** Restores the journal from a backup, without its last entries. */
  restore(lost: number): void {
    this.restored = true;
    this.entries.length = Math.max(4, this.entries.length - lost);
    const kept = new Set(this.entries.map(({ command }) => command));
    for (const [id, { fate }] of this.outcomes) {
      if ('seq' in fate && !kept.has(id)) this.outcomes.delete(id);
    }
    const text = this.folds.get(this.head.tag) ?? '[]';
    this.state.clear();
    for (const [key, row] of JSON.parse(text) as [Key, Row][]) this.state.set(key, row);
    for (const socket of this.sockets) this.end(socket, 4003);
  }

  end(socket: SimSocket, code: number): void {
    this.sockets.delete(socket);
    const { onclose } = socket;
    this.world.after(LATENCY_MS, () => {
      if (!socket.dead) onclose?.({ code, reason: '' });
    });
  }

  snapshot(): Promise<Rows> {
    return new Promise((resolve, reject) => {
      this.world.after(LATENCY_MS + this.random() * 300, () => {
        if (this.random() < this.faults.lostAnswer) reject(new TypeError('no answer'));
        else resolve(this.#rows(0));
      });
    });
  }

  /** Returns every row, or null if nothing has changed since the cursor. */
  async poll(at: Cursor | null): Promise<Polled> {
    const rows = await this.snapshot();
    const same = at !== null && rows.to === at.seq && rows.tag === at.tag;
    return { rows: same ? null : rows, time: this.world.now() };
  }

  /** Blocks sockets, or lets them through again. */
  takeSockets(taken: boolean): void {
    this.letsSockets = !taken;
    if (taken) for (const socket of this.sockets) this.end(socket, 1006);
  }

  /** Accepts a request with commands, by the rules of the protocol. */
  submit(commands: Envelope[]): Promise<CommandsAnswer> {
    const { faults, random, world } = this;
    const text = JSON.stringify(commands);
    return new Promise((resolve, reject) => {
      world.after(LATENCY_MS + random() * 200, () => {
        if (random() < faults.lostRequest) {
          reject(new TypeError('no signal'));
          return;
        }
        const answer = this.#decide(JSON.parse(text) as Envelope[]);
        world.after(LATENCY_MS + random() * 200, () => {
          if (random() < faults.lostAnswer) reject(new TypeError('no answer'));
          else resolve(answer);
        });
      });
    });
  }

  /** Sends a beat to every subscriber. */
  beat(): void {
    for (const socket of this.sockets) {
      if (socket.at.following) this.#say(socket, this.#beatFrame());
    }
  }

  #decide(commands: Envelope[]): CommandsAnswer {
    const fates: CommandsAnswer['fates'] = [];
    for (const envelope of commands) {
      const body = JSON.stringify(envelope);
      const known = this.outcomes.get(envelope.id);
      if (known) {
        const reused = { is: 'refused', code: 'id_reuse', words: 'another body' } as const;
        const again = known.fate.is === 'ok' ? { ...known.fate, is: 'dup' as const } : known.fate;
        fates.push({ id: envelope.id, fate: known.body === body ? again : reused });
        continue;
      }
      if (this.random() < this.faults.retry) {
        fates.push({ id: envelope.id, fate: { is: 'retry', after_ms: 500, words: 'busy' } });
        break;
      }
      const fate = this.#judge(envelope);
      this.outcomes.set(envelope.id, { body, fate });
      fates.push({ id: envelope.id, fate });
    }
    return { fates };
  }

  #judge({ id, do: command }: Envelope): Fate {
    const refused = { is: 'refused', code: 'not_now', words: 'not now' } as const;
    if (command.kind !== 'report_trouble' || this.random() < this.faults.refuse) return refused;
    const key: Key = `person/${command.person}`;
    const row = this.state.get(key);
    if (row?.row !== 'phone_person') return refused;
    const { trouble, words } = command;
    const told = { report: this.entries.length + 1, trouble, words, at: this.world.now() };
    return {
      is: 'ok',
      seq: this.append([[key, { ...row, troubles: [...row.troubles, told] }]], id),
    };
  }

  #connected(socket: SimSocket): void {
    this.world.after(LATENCY_MS + this.random() * 200, () => {
      if (socket.dead) return;
      if (!this.letsSockets || this.random() < this.faults.cut) {
        this.end(socket, 1006);
        return;
      }
      this.sockets.add(socket);
      socket.onopen?.();
    });
  }

  #heard(socket: SimSocket, text: string): void {
    const frame = JSON.parse(text) as ClientFrame;
    this.world.after(LATENCY_MS, () => {
      if (!this.sockets.has(socket)) return;
      if (frame.t === 'hello') {
        const time = this.world.now();
        this.#say(socket, {
          ...{ t: 'welcome', v: 1, build: '1', time },
          ...{ beat_ms: 5_000, silence_ms: 12_000 },
        });
      }
      if (frame.t === 'sub') this.#subscribe(socket, frame.at ?? null);
    });
  }

  #subscribe(socket: SimSocket, at: Cursor | null): void {
    const { head } = this;
    const why =
      at === null
        ? 'no_cursor'
        : at.seq > head.seq
          ? 'ahead'
          : at.seq > 0 && this.entries[at.seq - 1]?.tag !== at.tag
            ? 'other_history'
            : this.random() < this.faults.resync
              ? 'smaller'
              : null;
    socket.at = { seq: at?.seq ?? 0, following: why === null };
    if (why !== null) {
      this.#say(socket, { t: 'resync', room: ROOM, audience: 'phone', why });
      return;
    }
    this.#say(socket, this.#beatFrame());
    if (socket.at.seq < head.seq) this.#push(socket);
  }

  #push(socket: SimSocket): void {
    if (!socket.at.following || socket.at.seq >= this.entries.length) return;
    this.#say(socket, { t: 'rows', ...this.#rows(socket.at.seq) });
    socket.at = { ...socket.at, seq: this.entries.length };
  }

  #rows(from: Seq): Rows {
    const touched = new Set<Key>();
    if (from === 0) for (const key of this.state.keys()) touched.add(key);
    else for (const entry of this.entries.slice(from)) entry.touched.forEach((k) => touched.add(k));
    const put: Put[] = [];
    const del: Key[] = [];
    for (const key of touched) {
      const row = this.state.get(key);
      if (row) put.push({ key, row });
      else del.push(key);
    }
    const { seq, tag } = this.head;
    return structuredClone({ room: ROOM, audience: 'phone', from, to: seq, tag, put, del });
  }

  #beatFrame(): ServerFrame {
    return { t: 'beat', room: ROOM, ...this.head, mode: 'live', time: this.world.now() };
  }

  #say(socket: SimSocket, frame: ServerFrame): void {
    const { faults, random } = this;
    const text = JSON.stringify(frame);
    if (random() < faults.cut) {
      // Half of the dead sockets never emit a close event.
      this.sockets.delete(socket);
      if (random() < 0.5) this.end(socket, 1006);
      return;
    }
    if (random() < faults.drop && frame.t !== 'welcome') return;
    const times = random() < faults.double ? 2 : 1;
    for (let copy = 0; copy < times; copy += 1) {
      const late = random() < faults.reorder ? random() * 400 : 0;
      this.world.after(LATENCY_MS + late, () => {
        if (!socket.dead) socket.onmessage?.({ data: text });
      });
    }
  }
}

/** Serializes rows to a canonical text for comparison. */
export function foldText(rows: Iterable<[Key, Row]>): string {
  return JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function person(id: string): { row: 'phone_person' } & PhonePerson {
  return {
    row: 'phone_person',
    person: id,
    reference: 'K7F',
    name: 'Sybil Applegarden',
    known_as: null,
    date_of_birth: null,
    bedroom: '1',
    stage: 'place_held',
    place: 'at_the_home',
    rating: null,
    marks: { two_person: false, equipment: false, frail: false },
    similar: false,
    protected: false,
    items: [],
    worker: null,
    destination: { home: null, claimed: null, to_confirm: false },
    journey: null,
    times: { leaves_at: null, arrives_at: null, left_at: null, arrived_at: null, since: 0 },
    to_confirm: false,
    handle_safely: null,
    keep_together: null,
    not_met: [],
    troubles: [],
  };
}
