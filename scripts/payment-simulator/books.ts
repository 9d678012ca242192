import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** What has to be known after an end without a word. */
export type Books<State> = { read(): State | undefined; write(state: State): void };

/** One file, whole at any moment. */
export function booksIn<State>(path: string): Books<State> {
  return {
    read: () => (existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as State) : undefined),
    write(state) {
      writeFileSync(`${path}.new`, JSON.stringify(state));
      renameSync(`${path}.new`, path);
    },
  };
}
