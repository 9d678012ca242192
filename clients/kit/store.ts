import { useSyncExternalStore } from "react";

/** A value that screens follow. Replaced, never mutated. */
export type Store<T> = {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
};

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** `pick` returns what the value holds (or a primitive), never something made anew: that would render for ever. */
export function useStore<T, Picked>(store: Store<T>, pick: (value: T) => Picked): Picked {
  return useSyncExternalStore(store.subscribe, () => pick(store.get()));
}
