type Keyed = { readonly keys: readonly string[]; readonly readKeys: readonly string[] };

/** LOG-2: in one batch a stream has one writer, or any number of commands that only guard it. */
export function createBatchKeys() {
  const written = new Set<string>();
  const read = new Set<string>();
  return {
    admits: ({ keys, readKeys }: Keyed): boolean => keys.every((key) => !written.has(key) && !read.has(key)) && readKeys.every((key) => !written.has(key)),
    add({ keys, readKeys }: Keyed): void {
      for (const key of keys) written.add(key);
      for (const key of readKeys) read.add(key);
    },
  };
}
