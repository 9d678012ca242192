import type { z } from "zod";
import { setParts } from "#shared/commands/check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Context, Decision, Reader } from "../command.ts";
import type { Operation } from "#shared/events/sale-check.ts";
import { change, command, NO_CHANGE, personOf, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { sameJson } from "../same.ts";
import { openAttempts } from "./evolve-payments.ts";
import { withDelta } from "./evolve.ts";
import { partsOf } from "./parts.ts";
import type { CheckState } from "./state.ts";
import { liveCheck } from "./surgery.ts";
import { checkTotals } from "./totals.ts";

type Part = { readonly part: string; readonly name: string; readonly amount: string; readonly due: string };
type Parts = { readonly parts: readonly Part[]; readonly rest: string };

function shown(check: CheckState): Parts {
  const { parts, rest } = partsOf(check);
  return { parts: parts.map(({ part, name, amount, due }) => ({ part, name, amount: amount.toString(), due: due.toString() })), rest: rest.toString() };
}

/** Equally and by amount: who pays how much of one check. Lines stay where they are; money that lies on a part keeps it. */
function decide(input: z.output<typeof setParts>, reader: Reader, context: Context): Decision<Parts> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const check = liveCheck(input.check, reader);
  if ("refused" in check) return check;
  const ids = input.parts.map(({ part }) => part);
  if (new Set(ids).size < ids.length) return refuse("part-twice", { part: ids.find((part, i) => ids.indexOf(part) !== i) ?? null });
  if (input.parts.some(({ amount }) => amount && amount.currency !== check.currency)) return refuse("wrong-currency", { currency: check.currency });
  const before = check.parts ?? [];
  const amountNow = new Map(partsOf(check).parts.map(({ part, amount }) => [part, amount]));
  for (const { part, amount } of before) {
    const kept = input.parts.find((one) => one.part === part);
    const isPaid = check.tenders.some((tender) => tender.part === part);
    const locked = openAttempts(check).some((attempt) => attempt.part === part);
    if (!isPaid && !locked) continue;
    // An equal part may be told by what it comes to now, and stays that when the others are divided anew.
    const same = kept && (sameJson(kept.amount, amount) || (kept.amount !== null && minorUnits(kept.amount) === amountNow.get(part)));
    if (!kept || (locked && !same)) return refuse(locked ? "attempt-open" : "part-paid", { part });
  }
  const parts = input.parts.map(({ part, name, amount }) => ({ part, name, amount }));
  const was = before.map(({ part, name, amount }) => ({ part, name, amount }));
  if (sameJson(parts, was)) return { ...NO_CHANGE, result: shown(check) };
  const unit = unitOf(check.policies.rounding);
  const next = withDelta(check, { added: [], changed: [], removed: [], parts });
  const wanted = parts.reduce((sum, { amount, part }) => {
    const paid = next.parts?.find((one) => one.part === part)?.paid;
    return sum + BigInt(paid ?? amount?.amount ?? "0");
  }, 0n);
  const known = new Set(ids);
  const loose = check.tenders.reduce((sum, tender) => (tender.part !== undefined && known.has(tender.part) ? sum : sum + BigInt(tender.amount.amount)), 0n);
  const left = BigInt(checkTotals(check).total) - loose;
  if (wanted > left) return refuse("amount-over-due", { due: moneyOf(left, check.currency) });
  for (const { part, amount } of parts) {
    // What it was already, or what nothing is left of: a sen from before has to be in one of them.
    const there = [BigInt(before.find((one) => one.part === part)?.amount?.amount ?? "0"), amountNow.get(part) ?? 0n, ...(wanted === left ? [BigInt(amount?.amount ?? "0")] : [])];
    const odd = unitRefusal({ amount }, unit, there);
    if (odd) return odd;
  }
  const operation: Operation | undefined = input.operation === undefined ? undefined : { operation: input.operation, kind: "parts", by, checks: [check.id], created: [], moves: [], before: [], after: [], payments: [], parts: was };
  const data = { added: [], changed: [], removed: [], parts, why: "parts" as const, ...(operation ? { operation } : {}), by };
  return { changes: [change("check", check.id, [{ type: "sale.check.updated", data }])], result: shown(next) };
}

export const setPartsCommand = command({
  type: "check.setParts",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: setParts,
  reads: (input) => [{ kind: "check", stream: input.check }],
  decide,
});
