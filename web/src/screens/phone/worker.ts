interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

const WORKER = '/sw.js';

/** Installs the service worker that opens this face without signal; plain http has none. */
export async function installWorker(): Promise<void> {
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  if (!workers) return;
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const policy = policies?.createPolicy('muster-sw', {
    createScriptURL: (url) => {
      if (url !== WORKER) throw new TypeError('only the worker of this face');
      return url;
    },
  });
  try {
    await workers.register(policy?.createScriptURL(WORKER) ?? WORKER, { updateViaCache: 'none' });
  } catch {
    // Without the worker a phone still works while it has signal; the outbox does not need it.
  }
}

/** Activates the later release: the waiting worker first, or the old page would return. */
export async function takeNewBuild(): Promise<void> {
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  const registration = await workers?.getRegistration().catch(() => undefined);
  await registration?.update().catch(() => undefined);
  const next = registration?.waiting ?? registration?.installing;
  if (!workers || !next) {
    location.reload();
    return;
  }
  workers.addEventListener('controllerchange', () => {
    location.reload();
  });
  next.postMessage('take over');
}
