/** The part of a WebSocket that the link uses. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/**
 * Everything the library asks of the outside: time, chance, the network. Tests bring a world of
 * their own, in which time moves when they say so and chance comes from a seed.
 */
export interface World {
  /** The device's clock; only differences of it are trusted, never the time itself. */
  now(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Fills bytes with chance fit for ids. */
  fill(bytes: Uint8Array<ArrayBuffer>): void;
  /** Runs something later; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Calls back with the milliseconds that the changes of this moment took to draw, once they are drawn. */
  drawn(told: (costMs: number) => void): void;
  connect(path: string): Socket;
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** Whether somebody looks at the face. */
  visible(): boolean;
  /** Whether the device believes that it has a network; a hint. */
  online(): boolean;
  /** Calls back when the face is looked at again or the network returns. */
  onResume(run: () => void): () => void;
}

/** Returns the world of a real browser. */
export function browserWorld(): World {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    fill: (bytes) => {
      crypto.getRandomValues(bytes);
    },
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => {
        clearTimeout(timer);
      };
    },
    drawn: (told) => {
      const began = performance.now();
      // Behind the microtask in which the views are brought up to date, and around the frame that is
      // drawn next; the wait for that frame in between is nobody's work. A page that nobody sees draws none.
      queueMicrotask(() => {
        const scriptMs = performance.now() - began;
        requestAnimationFrame(() => {
          const frame = performance.now();
          setTimeout(() => {
            told(scriptMs + performance.now() - frame);
          });
        });
      });
    },
    connect: (path) => {
      const url = new URL(path, location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return new WebSocket(url, 'muster.v1') as Socket;
    },
    fetch: (path, init) => fetch(path, init),
    visible: () => document.visibilityState === 'visible',
    online: () => navigator.onLine,
    onResume: (run) => {
      const shown = () => {
        if (document.visibilityState === 'visible') run();
      };
      const restored = (event: PageTransitionEvent) => {
        if (event.persisted) run();
      };
      document.addEventListener('visibilitychange', shown);
      addEventListener('pageshow', restored);
      addEventListener('online', run);
      return () => {
        document.removeEventListener('visibilitychange', shown);
        removeEventListener('pageshow', restored);
        removeEventListener('online', run);
      };
    },
  };
}
