import type { z } from "zod";
import { adjustCheck, removeAdjustment, removeServiceCharge, restoreServiceCharge } from "#shared/commands/check.ts";
import type { Adjustment, Cut, Share } from "#shared/events/sale-check.ts";
import { moneyOf } from "#shared/money/money.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { command, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { finish, onBench, writeShare, type Bench } from "./bench.ts";
import { chargesOf, isChargeRemoved } from "./charge.ts";
import { chargeForCovers } from "./charge-for-covers.ts";
import { cutsFor, linesOf, sumOf } from "./cuts.ts";
import { isLive } from "./family.ts";
import { lineAmount, recut } from "./lines.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";
import { chargeMoney } from "./totals.ts";
import { benchOf, liveCheck, surgeryRefs } from "./surgery.ts";

type Input = z.output<typeof adjustCheck>;
/** Most adjustments of a check, and most that one line bears. */
const MOST_ADJUSTMENTS = 50;
const MOST_CUTS = 20;
type Why = "adjust" | "adjustment-removed" | "charge-removed" | "charge-restored" | "covers";

function written(bench: Bench, on: readonly string[], why: Why, by: Person, reason?: string): readonly Change[] | Refusal {
  return finish(bench, (check, delta) => ({
    type: "sale.check.updated",
    data: on.includes(check.id) ? { ...delta, why, by, ...(reason === undefined ? {} : { reason }) } : { ...delta, why: "family", by },
  }));
}

function isBorne(cut: Cut | undefined, rate: string | null): cut is Cut {
  return cut !== undefined && (cut.amount !== "0" || rate !== null);
}

/** A rate on the whole check is borne by every later line too, with those that the check has. */
function isTooMany(check: CheckState, lines: readonly Share[], cuts: readonly Cut[], { lines: named, rate }: Input): Refusal | null {
  const adjustments = check.adjustments ?? [];
  if (adjustments.length >= MOST_ADJUSTMENTS) return refuse("too-many-adjustments", { most: MOST_ADJUSTMENTS });
  const ofLater = named.length > 0 || rate === null ? 0 : adjustments.filter((one) => one.scope === "check" && one.rate !== null).length;
  const isFull = ofLater >= MOST_CUTS || lines.some((line, i) => isBorne(cuts[i], rate) && (line.cuts ?? []).length >= MOST_CUTS);
  return isFull ? refuse("too-many-cuts", { most: MOST_CUTS }) : null;
}

function decideAdjust(input: Input, reader: Reader, context: Context): Decision<{ amount: string }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const check = liveCheck(input.check, reader);
  if ("refused" in check) return check;
  const { adjustment, kind, rate, amount, reason } = input;
  if ((rate === null) === (amount === null) || (rate !== null && /^0(\.0*)?$/.test(rate))) return refuse("rate-or-amount");
  if (amount && amount.currency !== check.currency) return refuse("wrong-currency", { currency: check.currency });
  const isKnown = (check.adjustments ?? []).some((one) => one.adjustment === adjustment) || shareList(check.shares).some((share) => share.cuts?.some((cut) => cut.adjustment === adjustment));
  if (isKnown) return refuse("adjustment-exists", { adjustment });
  const lines = linesOf(check, input.lines);
  if ("refused" in lines) return lines;
  const cuts = cutsFor(lines, input, check);
  if ("refused" in cuts) return cuts;
  const tooMany = isTooMany(check, lines, cuts, input);
  if (tooMany) return tooMany;
  const total = sumOf(cuts);
  const upTo = rate === null || input.lines.length === 0 ? {} : { upTo: moneyOf(total, check.currency) };
  const approved = requireApproval({ approval: input.approval, action: kind, subject: { target: check.id, lines: input.lines, amount, rate, reason, ...upTo } }, reader, context);
  if ("refused" in approved) return approved;
  const bench = benchOf([check], reader);
  const scope = input.lines.length > 0 ? "lines" : "check";
  const given: Adjustment = { adjustment, kind, scope, rate, amount, reason, by, approvedBy: approved.by };
  bench.now.set(check.id, { ...onBench(bench, check.id), adjustments: [...(check.adjustments ?? []), given] });
  lines.forEach((line, i) => {
    const share = onBench(bench, check.id).shares[line.share];
    const cut = cuts[i];
    if (share && isBorne(cut, rate)) writeShare(bench, check.id, { ...share, cuts: [...(share.cuts ?? []), cut] });
  });
  const changes = written(bench, [check.id], "adjust", by, reason);
  if ("refused" in changes) return changes;
  return { changes: [...changes, ...approved.changes], result: { amount: total.toString() } };
}

/** Wherever its lines are now: a discount goes with its line. What is settled keeps it. */
function decideRemove(input: z.output<typeof removeAdjustment>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const check = liveCheck(input.check, reader);
  if ("refused" in check) return check;
  const bench = benchOf([check], reader);
  const on: string[] = [];
  for (const member of [...bench.now.values()]) {
    const bears = shareList(member.shares).filter((share) => share.cuts?.some((cut) => cut.adjustment === input.adjustment));
    const names = member.adjustments?.some((one) => one.adjustment === input.adjustment) ?? false;
    if (bears.length === 0 && !names) continue;
    if (!isLive(member)) {
      if (bears.length > 0) return refuse("check-closed", { check: member.id });
      continue;
    }
    on.push(member.id);
    bench.now.set(member.id, { ...member, adjustments: (member.adjustments ?? []).filter((one) => one.adjustment !== input.adjustment) });
    const { rounding } = member.policies;
    for (const { cuts, ...share } of bears) {
      const left = recut((cuts ?? []).filter((cut) => cut.adjustment !== input.adjustment), lineAmount(share, rounding), rounding);
      writeShare(bench, member.id, left.length > 0 ? { ...share, cuts: [...left] } : share);
    }
  }
  if (on.length === 0) return refuse("unknown-adjustment", { adjustment: input.adjustment });
  const changes = written(bench, on, "adjustment-removed", by);
  return "refused" in changes ? changes : { changes, result: {} };
}

/** `charge`: null for none; absent for the policy's own rate. What came with a charge of its own is left without it too, and gets it back. */
function decideCharge(id: string, charge: Pick<CheckState, "charge">, why: Why, reader: Reader, by: Person, reason?: string): readonly Change[] | Refusal {
  const check = liveCheck(id, reader);
  if ("refused" in check) return check;
  const bench = benchOf([check], reader);
  const { charge: _, ...plain } = onBench(bench, id);
  bench.now.set(id, { ...plain, ...charge });
  for (const share of shareList(check.shares)) {
    if (!share.charge) continue;
    const { removed: _r, ...borne } = share.charge;
    writeShare(bench, id, { ...share, charge: why === "charge-removed" ? { ...borne, removed: true } : borne });
  }
  return written(bench, [id], why, by, reason);
}

function decideRemoveCharge(input: z.output<typeof removeServiceCharge>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const check = liveCheck(input.check, reader);
  if ("refused" in check) return check;
  const charges = chargesOf(check);
  const [charge] = charges;
  if (!charge) return refuse("no-service-charge", { check: check.id });
  if (!charges.every(({ removable }) => removable)) return refuse("charge-mandatory", { check: check.id });
  const approved = requireApproval({ approval: input.approval, action: "remove-service-charge", subject: { target: check.id, rate: charge.rate, upTo: chargeMoney(check), reason: input.reason } }, reader, context);
  if ("refused" in approved) return approved;
  const changes = decideCharge(check.id, { charge: null }, "charge-removed", reader, by, input.reason);
  return "refused" in changes ? changes : { changes: [...changes, ...approved.changes], result: {} };
}

export const adjustCheckCommand = command({
  type: "check.adjust",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: adjustCheck,
  reads: (input, reader) => [...surgeryRefs([input.check], reader), ...approvalRefs(input.approval, reader)],
  decide: decideAdjust,
});

export const removeAdjustmentCommand = command({
  type: "check.removeAdjustment",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: removeAdjustment,
  reads: (input, reader) => surgeryRefs([input.check], reader),
  decide: decideRemove,
});

export const removeServiceChargeCommand = command({
  type: "check.removeServiceCharge",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: removeServiceCharge,
  reads: (input, reader) => [...surgeryRefs([input.check], reader), ...approvalRefs(input.approval, reader)],
  decide: decideRemoveCharge,
});

export const restoreServiceChargeCommand = command({
  type: "check.restoreServiceCharge",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: restoreServiceCharge,
  reads: (input, reader) => {
    const party = reader.get("check", input.check)?.party;
    return [...surgeryRefs([input.check], reader), ...(party ? [ref("party", party)] : [])];
  },
  decide: (input, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const check = liveCheck(input.check, reader);
    if ("refused" in check) return check;
    if (!isChargeRemoved(check)) return NO_CHANGE;
    const covers = check.party ? reader.get("party", check.party)?.covers : undefined;
    const charge = check.charge ?? (covers === undefined ? undefined : chargeForCovers(check.policies, covers));
    const changes = decideCharge(check.id, charge ? { charge } : {}, "charge-restored", reader, by);
    return "refused" in changes ? changes : { changes, result: {} };
  },
});
