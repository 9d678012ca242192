import type { CheckState } from "#shared/domain/check/state.ts";
import { ADJUSTMENT_WORDS, OPERATION_WORDS } from "../../kit/words/checks.ts";

/** What one tap on Undo takes back: a piece of surgery, or what was taken off a bill. */
export type Done = { readonly check: string; readonly noun: string; readonly by: string } & ({ readonly operation: string } | { readonly operation: null; readonly adjustment: string });

/** The last thing that was done to any of these checks and can be undone. Both kinds of ids begin with their time. */
export function lastDone(checks: readonly CheckState[]): Done | undefined {
  const all = checks.flatMap((check) => [
    ...(check.operations ?? []).map(({ operation, kind, by, checks: [first] }) => ({ at: timeIn(operation), done: { operation, check: first ?? check.id, noun: OPERATION_WORDS[kind].noun, by: by.name } })),
    ...(isChangeable(check) ? (check.adjustments ?? []) : []).map(({ adjustment, kind, by }) => ({ at: timeIn(adjustment), done: { operation: null, adjustment, check: check.id, noun: ADJUSTMENT_WORDS[kind].toLowerCase(), by: by.name } })),
  ]);
  return all.reduce<(typeof all)[number] | undefined>((last, each) => (last === undefined || each.at >= last.at ? each : last), undefined)?.done;
}

function isChangeable({ status }: CheckState): boolean {
  return status === "open" || status === "presented";
}

/** Of "op_01M7…" what can be compared with "adj_01M7…". */
function timeIn(id: string): string {
  return id.slice(id.indexOf("_") + 1);
}
