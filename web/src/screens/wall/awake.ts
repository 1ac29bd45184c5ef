/** Keeps the screen on while the page is visible, if the browser can; returns a function that stops it. */
export function keepAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  let lock: WakeLockSentinel | null = null;
  const ask = (): void => {
    if (document.visibilityState !== 'visible') return;
    navigator.wakeLock.request('screen').then(
      (held) => {
        lock = held;
      },
      () => undefined,
    );
  };
  // The browser releases the lock whenever the page is hidden.
  document.addEventListener('visibilitychange', ask);
  ask();
  return () => {
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  };
}
