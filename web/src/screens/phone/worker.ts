interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

const WORKER = '/sw.js';

/** Installs the worker that opens this face without signal; plain http has none. */
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
    // A phone that refuses the worker works as long as it has signal; the outbox needs no worker.
  }
}

/** Loads the newer release: the waiting worker first, or the old page would come back. */
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
