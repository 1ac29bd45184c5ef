/** Where this browser keeps that single keys are off. */
const KEPT = 'muster-desk-keys';

/** What a key does; `false` leaves the key to the browser. */
type Press = () => unknown;

/** Returns whether a key belongs to the field that has the focus. */
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

/** The desk's single keys. They never fire while somebody types, and can be turned off (WCAG 2.1.4). */
export class Keys {
  on = $state(readOn());
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen is drawn from it
  readonly #acts = new Map<string, Press>();

  turn(on: boolean): void {
    this.on = on;
    try {
      localStorage.setItem(KEPT, on ? 'on' : 'off');
    } catch {
      // No storage: the choice holds until the page is loaded again.
    }
  }

  /** Gives keys a meaning while a part is on the screen; the answer takes it away. */
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
