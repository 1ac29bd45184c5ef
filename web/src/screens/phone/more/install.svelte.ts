/** What Android's browser gives to a page that can be put on the home screen. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

const DISMISSED = 'muster-install-dismissed';

/** Whether the page can be put on the home screen, and how. */
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

/** Whether this page is opened from the home screen already. */
export function isInstalled(): boolean {
  const apple = (navigator as { standalone?: boolean }).standalone === true;
  return apple || matchMedia('(display-mode: standalone)').matches;
}

/** Whether this is an iPhone or iPad, where a person must do it by hand. */
export function isApple(): boolean {
  return 'standalone' in navigator;
}

/** Keeps the browser's offer until somebody asks for it. */
export function awaitInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    install.prompt = event as InstallPrompt;
  });
  addEventListener('appinstalled', () => {
    install.prompt = null;
  });
}

/** Puts the hint away for good; the page "More" still has it. */
export function dismissHint(): void {
  install.dismissed = true;
  try {
    localStorage.setItem(DISMISSED, 'yes');
  } catch {
    // It comes again after a reload.
  }
}

/** Asks the browser not to clear what this phone keeps when it is short of room. */
export async function askToKeep(): Promise<void> {
  const storage = (navigator as Partial<Navigator>).storage as Partial<StorageManager> | undefined;
  await storage?.persist?.().catch(() => false);
}
