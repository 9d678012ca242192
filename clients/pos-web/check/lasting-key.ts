/** `key` is what its pane is known by on this screen. */
export type Kept = { readonly check: string; readonly key: string };

/**
 * A bill that was drawn before the hub answered has an id that this screen made up; with the answer it has its own. For whoever is paying it, it is the same bill: what they
 * chose and typed stays. `gone`: the bill that was kept is not known any more (one that was merged or closed still is).
 */
export function lastingKey(kept: Kept | null, check: string, gone: boolean): Kept {
  if (kept === null) return { check, key: check };
  if (kept.check === check) return kept;
  return { check, key: gone ? kept.key : check };
}
