import type { Socket, World } from '../world';

/** A socket between the two sides of a simulation; either side may find it dead. */
export class SimSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  dead = false;
  at = { seq: 0, following: false };

  constructor(readonly heard: (socket: SimSocket, text: string) => void) {}

  send(text: string): void {
    if (!this.dead) this.heard(this, text);
  }

  close(): void {
    this.dead = true;
  }
}

/** A world in which time advances from event to event and randomness comes from a seed. */
export class SimWorld implements World {
  time = 1_790_000_000_000;
  isVisible = true;
  isOnline = true;
  connecting: (socket: SimSocket) => void = () => undefined;
  heard: (socket: SimSocket, text: string) => void = () => undefined;
  readonly #queue: { at: number; order: number; run: () => void }[] = [];
  readonly #resumers = new Set<() => void>();
  #order = 0;

  constructor(readonly random: () => number) {}

  now(): number {
    return this.time;
  }

  fill(bytes: Uint8Array<ArrayBuffer>): void {
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(this.random() * 256);
  }

  after(ms: number, run: () => void): () => void {
    this.#order += 1;
    const event = { at: this.time + ms, order: this.#order, run };
    this.#queue.push(event);
    return () => {
      const place = this.#queue.indexOf(event);
      if (place >= 0) this.#queue.splice(place, 1);
    };
  }

  drawn(told: (costMs: number) => void): void {
    told(0);
  }

  /** Runs the next event; returns whether there was one. */
  step(): boolean {
    this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
    const event = this.#queue.shift();
    if (!event) return false;
    this.time = event.at;
    event.run();
    return true;
  }

  connect(): Socket {
    const socket = new SimSocket((from, text) => {
      this.heard(from, text);
    });
    this.connecting(socket);
    return socket;
  }

  fetch(): Promise<Response> {
    return Promise.reject(new Error('the simulation has no pages'));
  }

  visible(): boolean {
    return this.isVisible;
  }

  online(): boolean {
    return this.isOnline;
  }

  onResume(run: () => void): () => void {
    this.#resumers.add(run);
    return () => {
      this.#resumers.delete(run);
    };
  }

  /** Makes the face visible again. */
  resume(): void {
    for (const run of [...this.#resumers]) run();
  }
}
