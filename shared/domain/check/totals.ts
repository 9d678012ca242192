import type { AdjustmentKind, Allotted, CheckTotals } from "#shared/events/sale-check.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { taxOn } from "#shared/money/tax.ts";
import { notes } from "../noted.ts";
import { givenAlone, givenTo } from "./allot.ts";
import { chargeOf, chargeRate, isSameTax, type TaxKey } from "./charge.ts";
import { reckonedLines } from "./reckoned.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";

export { lineAmount } from "./lines.ts";

type Row = { readonly tax: TaxKey; amount: bigint; taxed: bigint };

function rowOf(rows: Row[], tax: TaxKey): Row {
  const found = rows.find((row) => isSameTax(row.tax, tax));
  if (found) return found;
  const made = { tax, amount: 0n, taxed: 0n };
  rows.push(made);
  return made;
}

const byName = new Intl.Collator("en");

/** What was taken off, by kind, and how much of it is no tax. */
function adjustmentsOf(state: CheckState): NonNullable<CheckTotals["adjustments"]> {
  const kinds = new Map<AdjustmentKind, Row[]>();
  for (const share of shareList(state.shares)) {
    for (const cut of share.cuts ?? []) {
      const rows = kinds.get(cut.kind) ?? [];
      kinds.set(cut.kind, rows);
      rowOf(rows, share.tax).amount += BigInt(cut.amount);
    }
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, rows]) => {
    let amount = 0n;
    let net = 0n;
    for (const row of rows) {
      amount += row.amount;
      net += row.amount - (row.tax.inclusive ? taxOn(row.amount, row.tax.rate, true, state.policies.rounding) : 0n);
    }
    return { kind, amount: amount.toString(), net: net.toString() };
  });
}

function assembled(state: CheckState, given: Allotted): CheckTotals {
  const rows: Row[] = [];
  let subtotal = 0n;
  let stored = 0n;
  let goods = 0n;
  for (const { share, listed, payable } of reckonedLines(state)) {
    subtotal += listed;
    if (share.kind === "stored-value") {
      stored += listed;
      continue;
    }
    goods += payable;
    rowOf(rows, share.tax).amount += payable;
  }
  const own = chargeOf(state);
  let charged = 0n;
  let chargeTax = 0n;
  for (const group of given) {
    charged += BigInt(group.charge);
    chargeTax += BigInt(group.chargeTax);
    for (const { tax, charge } of group.charges ?? [{ tax: own?.tax, charge: group.charge }]) if (tax) rowOf(rows, tax).amount += BigInt(charge);
    for (const row of group.taxes) rowOf(rows, { code: row.code, name: row.name, rate: row.rate, inclusive: row.inclusive }).taxed += BigInt(row.tax);
  }
  const taxes = rows.sort((a, b) => byName.compare(`${a.tax.code} ${a.tax.rate}`, `${b.tax.code} ${b.tax.rate}`));
  let tax = 0n;
  let inside = 0n;
  for (const row of taxes) {
    tax += row.taxed;
    if (row.tax.inclusive) inside += row.taxed;
  }
  const total = goods + charged - inside + tax + stored;
  const paid = state.tenders.reduce((sum, tender) => sum + minorUnits(tender.amount), 0n);
  const adjustments = adjustmentsOf(state);
  const rate = chargeRate(state);
  return {
    currency: state.currency,
    subtotal: subtotal.toString(),
    ...(adjustments.length > 0 ? { adjustments } : {}),
    net: (total - (charged - chargeTax) - tax - stored).toString(),
    serviceCharge: (charged - chargeTax).toString(),
    ...(rate === null ? {} : { serviceChargeRate: rate }),
    taxes: taxes.map((row) => ({
      code: row.tax.code,
      name: row.tax.name,
      rate: row.tax.rate,
      inclusive: row.tax.inclusive,
      base: (row.tax.inclusive ? row.amount - row.taxed : row.amount).toString(),
      tax: row.taxed.toString(),
    })),
    tax: tax.toString(),
    ...(stored > 0n ? { storedValue: stored.toString() } : {}),
    total: total.toString(),
    paid: paid.toString(),
    due: (total - paid).toString(),
  };
}

/** What its guests read as the service charge. */
export function chargeMoney(state: CheckState): Money {
  return moneyOf(BigInt(checkTotals(state).serviceCharge), state.currency);
}

/** States do not change: screens and deciders ask for the totals of one again and again. */
const known = notes<CheckState, CheckTotals>();

/**
 * What the check says, by its own frozen policies (DOM-9). net + service charge + tax + stored value + rounding = total, always. A member of a family says what
 * it was given (DOM-11); `taxOnSplit: own-receipt` says what its own lines come to, and the difference on a line of its own.
 */
export function checkTotals(state: CheckState): CheckTotals {
  return known.of(state) ?? known.note(state, totalsOf(state));
}

function totalsOf(state: CheckState): CheckTotals {
  const family = assembled(state, givenTo(state));
  if (!state.allotted || state.policies.taxOnSplit !== "own-receipt") return family;
  const alone = assembled(state, givenAlone(state));
  const rounding = BigInt(family.total) - BigInt(alone.total);
  return { ...alone, ...(rounding === 0n ? {} : { rounding: rounding.toString() }), total: family.total, due: family.due };
}
