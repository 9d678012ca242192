const KEY = '"type":"';

/**
 * Whether an envelope's text is of one of `types`, by a look at its beginning: the log writes the type before anything
 * that a person may have written (`encodeEvent`), so the first such key is the envelope's.
 */
export function typeFilter(types: readonly string[]): (text: string) => boolean {
  const wanted = new Set(types);
  return (text) => {
    const from = text.indexOf(KEY) + KEY.length;
    return wanted.has(text.slice(from, text.indexOf('"', from)));
  };
}
