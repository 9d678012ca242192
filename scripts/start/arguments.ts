/** A number below 0 is no option: joined to the option before it, it is refused by its value. */
export function joined(argv: readonly string[], withValue: object): string[] {
  const all: string[] = [];
  for (const word of argv) {
    const before = all.at(-1) ?? "";
    if (/^-\d/.test(word) && before.startsWith("--") && before.slice(2) in withValue) all[all.length - 1] = `${before}=${word}`;
    else all.push(word);
  }
  return all;
}
