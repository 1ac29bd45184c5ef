import { openDB, type DBSchema } from 'idb';

/** Stored data: encrypted, or plain where the browser cannot encrypt. */
export type Sealed = { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer } | { plain: string };

/** Encrypts what is stored on the device, so that a copied profile folder is unreadable. */
export interface Seal {
  /** Whether it really encrypts; without a secure context a browser cannot. */
  readonly real: boolean;
  close(value: unknown): Promise<Sealed>;
  open<T>(sealed: Sealed): Promise<T>;
}

interface Schema extends DBSchema {
  key: { key: string; value: CryptoKey };
}

/** Opens this device's seal; its key never leaves the browser and scripts cannot read it. */
export async function openSeal(): Promise<Seal> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  const key = subtle ? await deviceKey(subtle) : null;
  return {
    real: key !== null,
    close: async (value) => {
      const plain = JSON.stringify(value);
      if (!subtle || !key) return { plain };
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const bytes = new TextEncoder().encode(plain);
      return { iv, data: await subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) };
    },
    open: async <T>(sealed: Sealed) => {
      if ('plain' in sealed) return JSON.parse(sealed.plain) as T;
      if (!subtle || !key) throw new Error('what was sealed cannot be opened here');
      const bytes = await subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.data);
      return JSON.parse(new TextDecoder().decode(bytes)) as T;
    },
  };
}

async function deviceKey(subtle: SubtleCrypto): Promise<CryptoKey | null> {
  try {
    const db = await openDB<Schema>('muster-key', 1, {
      upgrade(made) {
        made.createObjectStore('key');
      },
    });
    const algorithm = { name: 'AES-GCM', length: 256 };
    const fresh = await subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
    // One transaction: if two tabs open at once, they share one key.
    const change = db.transaction('key', 'readwrite');
    const kept = await change.store.get('device');
    if (!kept) await change.store.put(fresh, 'device');
    await change.done;
    db.close();
    return kept ?? fresh;
  } catch {
    return null;
  }
}
