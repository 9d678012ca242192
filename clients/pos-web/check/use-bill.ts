import { useMemo, useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import { useAggregate, usePicked } from "../../kit/hooks.ts";
import type { Payable } from "../pay/pay-pane.tsx";
import type { OrderWork } from "../order/use-order-work.ts";
import { colorOf, partsOf, payablesOf, seatsOf } from "./parts.ts";

/** One check on the board. */
export type Part = { readonly check: CheckState; readonly name: string; readonly seat: number | null; readonly color: string; readonly position: number };
/** The same part as long as its check, its name and its place are the same: then nothing of it is drawn again. */
type Kept = { readonly part: Part; readonly alone: boolean; readonly payables: readonly Payable[] };
export type Bill = { readonly parts: readonly Part[]; readonly payables: readonly Payable[] };

export function useBill(work: OrderWork): Bill {
  const { check } = work;
  // A bill that was merged into another one is that one now.
  const own = useAggregate("check", check?.mergedInto) ?? check;
  const checks = usePicked("check", (all) => (own ? partsOf(all, own) : []));
  const [kept] = useState(() => new WeakMap<CheckState, Kept>());
  return useMemo(() => {
    if (!own) return { parts: [], payables: [] };
    const alone = checks.length === 1;
    const seats = seatsOf(checks);
    const parts = checks.map((each, position): Part => {
      const seat = seats[position] ?? null;
      const part = { check: each, name: nameOf(each, own, seat, position), seat, color: colorOf(position), position };
      const before = kept.get(each);
      if (before && before.part.name === part.name && before.part.position === position && before.alone === alone) return before.part;
      kept.set(each, { part, alone, payables: payablesOf(each, alone ? "" : part.name) });
      return part;
    });
    return { parts, payables: parts.flatMap(({ check: each }) => kept.get(each)?.payables ?? []) };
  }, [checks, own, kept]);
}

/** Its own name when somebody gave it one, else its seat, else its number on the screen. */
function nameOf(check: CheckState, own: CheckState, seat: number | null, position: number): string {
  if (check.label !== own.label) return tableTitle(check.label);
  return seat === null ? (position === 0 ? "Table" : `Part ${position + 1}`) : `Seat ${seat}`;
}
