import { alike } from "#shared/domain/alike.ts";
import type { DrawerState } from "#shared/domain/cash/state.ts";

/**
 * The drawer that a tablet's cash goes into: the open session of its till, the one that was opened or chosen on it. A tablet that never had one takes the only one that is open.
 * With its own till closed, or several to choose from, it has none: cash never goes into somebody else's drawer without a word.
 */
export function ownDrawer(open: readonly DrawerState[], till: string | null): DrawerState | undefined {
  if (till !== null) return open.find(({ name }) => alike(name) === alike(till));
  return open.length === 1 ? open[0] : undefined;
}

const TILL = "Till";

/** What a drawer is called that is about to be opened: the tablet's own till, else the first number that is free. */
export function nameToOpen(open: readonly DrawerState[], till: string | null): string {
  const taken = new Set(open.map(({ name }) => alike(name)));
  if (till !== null && !taken.has(alike(till))) return till;
  let number = 1;
  while (taken.has(alike(`${TILL} ${number}`))) number++;
  return `${TILL} ${number}`;
}
