import fc from "fast-check";
import type { Share } from "#shared/events/sale-check.ts";
import { adjustCheckCommand, removeServiceChargeCommand, restoreServiceChargeCommand } from "../check/decide-adjust.ts";
import { mergeChecksCommand } from "../check/decide-merge.ts";
import { shareItemsCommand, splitBySeatCommand, splitCheckCommand } from "../check/decide-split.ts";
import { undoCheckCommand } from "../check/decide-undo.ts";
import { rootOf } from "../check/allot.ts";
import { carriedBy } from "../check/charge.ts";
import { isLive } from "../check/family.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import type { CommandDefinition } from "../command.ts";
import { unitOf } from "#shared/money/rounding.ts";
import type { Table } from "./checks.ts";
import { id } from "./given.ts";

export const as = (definition: unknown) => definition as CommandDefinition;
export const live = (t: Table) => t.all().filter(isLive);
export const pick = <T,>(all: readonly T[], n: number): T | undefined => all[n % Math.max(all.length, 1)];
/** PROPERTY_RUNS=1000 looks at ten times as many cases as are looked at without it. */
export const runs = (usual: number) => (usual * (fc.readConfigureGlobal().numRuns ?? 100)) / 100;

export type Step = { readonly what: number; readonly a: number; readonly b: number; readonly c: number; readonly d: number };
export const anyStep: fc.Arbitrary<Step> = fc.record({ what: fc.nat(12), a: fc.nat(99), b: fc.nat(99), c: fc.nat(99), d: fc.nat(99) });

/** Of some lines all, of others a part. */
function someOf(shares: readonly Share[], c: number, d: number) {
  const lines = shares.filter((_, i) => ((c >> i) & 1) === 1 || i === d % Math.max(shares.length, 1));
  return lines.map((share, i) => ({ share: share.share, ...((d + i) % 3 === 0 ? { fraction: { numerator: 1 + (d % 2), denominator: 3 } } : {}) }));
}

/** One of the things that cashiers do. True: it is surgery and must change no sum. */
export function act(t: Table, { what, a, b, c, d }: Step, done: string[]): boolean {
  const check = pick(live(t), a);
  if (!check) return false;
  const shares = Object.values(check.shares);
  // What people name they name in units: a door refuses the rest.
  const unit = unitOf(check.policies.rounding);
  const operation = id("operation", t.next());
  const other = pick(live(t).filter((one) => one.id !== check.id), b);
  const remember = (refused: unknown) => {
    if (refused === null) done.push(`${operation} ${check.id}`);
  };
  switch (what) {
    case 0:
    case 2: {
      const lines = someOf(shares, c, d);
      if (lines.length === 0) return false;
      remember(t.does(as(splitCheckCommand), { operation, check: check.id, into: [{ check: what === 2 && other ? other.id : id("check", t.next()), lines }] }));
      return true;
    }
    case 1: {
      const givers = [check, ...live(t).filter((one) => one.id !== check.id)].slice(0, 2 + (b % 2));
      const taker = live(t).find((one) => c % 2 === 0 && !givers.includes(one))?.id ?? id("check", t.next());
      const into = givers.flatMap((from) => {
        const lines = someOf(Object.values(from.shares), c, d);
        return lines.length > 0 ? [{ check: taker, from: from.id, lines }] : [];
      });
      if (into.length === 0) return false;
      remember(t.does(as(splitCheckCommand), { operation, check: check.id, into }));
      return true;
    }
    case 3:
      remember(t.does(as(splitBySeatCommand), { operation, check: check.id, checks: [1, 2, 3, 4].map(() => id("check", t.next())), shared: d % 2 === 0 ? "stay" : "divide" }));
      return true;
    case 4:
    case 5: {
      const share = pick(shares, c);
      if (!share) return false;
      const among = [check, ...live(t).filter((one) => one.id !== check.id)].slice(0, 1 + (d % 4)).map((one) => one.id);
      remember(t.does(as(shareItemsCommand), { operation, items: [share.item], check: check.id, among }));
      return true;
    }
    case 6:
    case 7:
      if (!other) return false;
      remember(t.does(as(mergeChecksCommand), { operation, target: check.id, sources: [other.id] }));
      return true;
    case 8: {
      const [undone = "", on = ""] = (pick(done, c) ?? "").split(" ");
      if (undone) t.does(as(undoCheckCommand), { operation: undone, check: on });
      return undone !== "";
    }
    case 9: {
      const amount = c % 2 === 0 ? { amount: { amount: (BigInt(1 + d * 13) * unit).toString(), currency: check.currency } } : { rate: ["0.1", "0.15", "0.333", "1"][d % 4] };
      const lines = b % 2 === 0 ? [] : shares.filter((_, i) => i % 2 === 0).map((share) => share.share);
      t.does(as(adjustCheckCommand), { check: check.id, adjustment: id("adjustment", t.next()), kind: ["discount", "comp"][d % 2], lines, ...amount, reason: "why not" });
      return false;
    }
    case 10: {
      const due = BigInt(checkTotals(check).due);
      const some = ((due * BigInt(d)) / (200n * unit) + 1n) * unit;
      if (due > 0n) t.pay(check, c % 3 === 0 || some > due ? due : some);
      const paid = t.get(check.id);
      if (paid && checkTotals(paid).due === "0") t.put({ ...paid, status: d % 2 === 0 ? "paid" : "closed" });
      return false;
    }
    case 11:
      t.does(as(d % 3 === 0 ? restoreServiceChargeCommand : removeServiceChargeCommand), { check: check.id, reason: "waited" });
      return false;
    default:
      t.put({ ...check, parts: [{ part: id("part", t.next()), name: "a", amount: null, paid: null }, { part: id("part", t.next()), name: "b", amount: c % 2 === 0 ? null : { amount: (BigInt(d) * unit).toString(), currency: check.currency }, paid: null }] });
      return false;
  }
}

/** With which other checks something on it is rounded: parts entered on one check, in one family. What else a family names holds nothing of it. */
function roundedWith(check: CheckState, t: Table): readonly string[] {
  const rootsOf = (one: CheckState) => Object.values(one.shares).map((share) => rootOf(one, share));
  const roots = new Set(rootsOf(check));
  return t.all().filter((other) => other.id !== check.id && check.family && other.family === check.family && rootsOf(other).some((root) => roots.has(root))).map(({ id: other }) => other).sort();
}

export const bare = (check: CheckState | undefined, t: Table) => {
  if (!check) return null;
  const { shares, tenders } = check;
  // The test's shortcut pays nothing by saying so; nobody else can.
  const status = check.status === "paid" && tenders.length === 0 ? "open" : check.status;
  const rooted = Object.values(shares).map((share) => ({ ...share, root: rootOf(check, share), charge: carriedBy(check, share) }));
  return { status, shares: rooted.sort((x, y) => (x.share < y.share ? -1 : 1)), roundedWith: roundedWith(check, t), tenders, totals: checkTotals(check) };
};
