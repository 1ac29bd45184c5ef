/** Android's install prompt event. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

const DISMISSED = 'muster-install-dismissed';

/** Whether and how the page can be added to the home screen. */
export const install: { prompt: InstallPrompt | null; dismissed: boolean } = $state({
  prompt: null,
  dismissed: read(),
});

function read(): boolean {
  try {
    return localStorage.getItem(DISMISSED) === 'yes';
  } catch {
    return false;
  }
}

/** Whether this page was opened from the home screen. */
export function isInstalled(): boolean {
  const apple = (navigator as { standalone?: boolean }).standalone === true;
  return apple || matchMedia('(display-mode: standalone)').matches;
}

/** Whether this is an iPhone or iPad, which has no install prompt. */
export function isApple(): boolean {
  return 'standalone' in navigator;
}

/** Keeps the browser's prompt until somebody asks for it. */
export function awaitInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    install.prompt = event as InstallPrompt;
  });
  addEventListener('appinstalled', () => {
    install.prompt = null;
  });
}

/** Dismisses the hint permanently; the page "More" still has it. */
export function dismissHint(): void {
  install.dismissed = true;
  try {
    localStorage.setItem(DISMISSED, 'yes');
  } catch {
    // It returns after a reload.
  }
}

/** Asks the browser not to evict this phone's storage when space is short. */
export async function askToKeep(): Promise<void> {
  const storage = (navigator as Partial<Navigator>).storage as Partial<StorageManager> | undefined;
  await storage?.persist?.().catch(() => false);
}
