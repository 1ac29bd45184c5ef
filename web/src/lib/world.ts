/** The part of a WebSocket that the link uses. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/**
 * Everything the library needs from its environment: time, randomness, the network. Tests supply their own,
 * with a controlled clock and a seed.
 */
export interface World {
  /** The device's clock; only differences are trusted, never the absolute time. */
  now(): number;
  /** A random number from 0 up to 1. */
  random(): number;
  /** Fills bytes with randomness suitable for ids. */
  fill(bytes: Uint8Array<ArrayBuffer>): void;
  /** Sets a timer; returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Calls back after the next render with the milliseconds it took. */
  drawn(told: (costMs: number) => void): void;
  connect(path: string): Socket;
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** Whether the face is visible. */
  visible(): boolean;
  /** Whether the device believes that it is online; a hint. */
  online(): boolean;
  /** Calls back when the face becomes visible or the network returns. */
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
      // Measures from after the microtask that updates the views, and around the next frame; the wait for
      // that frame is not counted. A hidden page renders no frame.
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
