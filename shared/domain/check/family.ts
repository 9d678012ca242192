import type { Ref } from "../aggregate.ts";
import type { Reader } from "../command.ts";
import { ref } from "../deciding.ts";
import type { CheckState } from "./state.ts";

/** It takes and gives shares; a closed check never reopens (DOM-13). */
export function isLive(check: CheckState): boolean {
  return check.status === "open" || check.status === "presented" || check.status === "paid";
}

/** The checks and, once they are known, everything that is rounded together with them. Nothing more for a check that stands alone. */
export function familyRefs(checks: readonly string[], reader: Reader): readonly Ref[] {
  const refs = new Map<string, Ref>(checks.map((check) => [check, ref("check", check)]));
  for (const id of checks) {
    const family = reader.get("check", id)?.family;
    if (!family) continue;
    refs.set(family, ref("check", family));
    for (const member of reader.get("check", family)?.members ?? []) refs.set(member, ref("check", member));
  }
  return [...refs.values()];
}

/** The check's family, itself included, in the order they were made; it alone when it stands alone. */
export function membersOf(check: CheckState, reader: Reader): readonly CheckState[] {
  if (!check.family) return [check];
  const named = reader.get("check", check.family)?.members ?? [];
  const members = named.flatMap((id) => reader.get("check", id) ?? []);
  return members.some(({ id }) => id === check.id) ? members : [...members, check];
}
