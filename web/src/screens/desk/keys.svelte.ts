/** Storage key of the setting that turns single-key shortcuts off. */
const KEPT = 'muster-desk-keys';

/** A key's action; `false` leaves the key to the browser. */
type Press = () => unknown;

/** Returns whether the focused field uses the key itself. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function readOn(): boolean {
  try {
    return localStorage.getItem(KEPT) !== 'off';
  } catch {
    return true;
  }
}

/**
 * The desk's single-key shortcuts. They never fire while somebody types, and can be turned off (WCAG
 * 2.1.4).
 */
export class Keys {
  on = $state(readOn());
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen is drawn from it
  readonly #acts = new Map<string, Press>();

  turn(on: boolean): void {
    this.on = on;
    try {
      localStorage.setItem(KEPT, on ? 'on' : 'off');
    } catch {
      // Without storage the choice lasts until the page reloads.
    }
  }

  /** Registers shortcuts while a component is mounted; returns a function that removes them. */
  bind(acts: Record<string, Press>): () => void {
    for (const [key, act] of Object.entries(acts)) this.#acts.set(key, act);
    return () => {
      for (const [key, act] of Object.entries(acts)) {
        if (this.#acts.get(key) === act) this.#acts.delete(key);
      }
    };
  }

  press(event: KeyboardEvent): void {
    if (!this.on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    const act = this.#acts.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (act !== undefined && act() !== false) event.preventDefault();
  }
}
