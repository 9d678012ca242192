/** Where a device keeps what must survive a reload. A storage that is full or forbidden is no reason to stop selling. */
export type Shelf = {
  read<T>(key: string): T | null;
  write(key: string, value: unknown): void;
  remove(key: string): void;
};

export function shelf(storage: Storage, prefix: string): Shelf {
  return {
    read<T>(key: string): T | null {
      try {
        const text = storage.getItem(`${prefix}.${key}`);
        return text === null ? null : (JSON.parse(text) as T);
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        storage.setItem(`${prefix}.${key}`, JSON.stringify(value));
      } catch {
        // Kept in memory only.
      }
    },
    remove(key) {
      try {
        storage.removeItem(`${prefix}.${key}`);
      } catch {
        // As above.
      }
    },
  };
}

export function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    read: <T>(key: string) => (kept.has(key) ? (JSON.parse(kept.get(key) ?? "null") as T) : null),
    write: (key, value) => void kept.set(key, JSON.stringify(value)),
    remove: (key) => void kept.delete(key),
  };
}
