import type { AdjustmentKind, Allotted, CheckTotals } from "#shared/events/sale-check.ts";
import { minorUnits } from "#shared/money/money.ts";
import { taxOn } from "#shared/money/tax.ts";
import { allot, chargeOf, keyOfTax, type TaxKey } from "./allot.ts";
import { lineAmount, payableAmount } from "./lines.ts";
import type { CheckState } from "./state.ts";

export { lineAmount } from "./lines.ts";

type Row = { readonly tax: TaxKey; amount: bigint; taxed: bigint };

function rowOf(rows: Map<string, Row>, tax: TaxKey): Row {
  const key = keyOfTax(tax);
  const found = rows.get(key) ?? { tax, amount: 0n, taxed: 0n };
  rows.set(key, found);
  return found;
}

/** What was taken off, by kind, and how much of it is no tax. */
function adjustmentsOf(state: CheckState): NonNullable<CheckTotals["adjustments"]> {
  const kinds = new Map<AdjustmentKind, Map<string, Row>>();
  for (const share of Object.values(state.shares)) {
    for (const cut of share.cuts ?? []) {
      const rows = kinds.get(cut.kind) ?? new Map<string, Row>();
      kinds.set(cut.kind, rows);
      rowOf(rows, share.tax).amount += BigInt(cut.amount);
    }
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, rows]) => {
    let amount = 0n;
    let net = 0n;
    for (const row of rows.values()) {
      amount += row.amount;
      net += row.amount - (row.tax.inclusive ? taxOn(row.amount, row.tax.rate, true, state.policies.rounding.mode) : 0n);
    }
    return { kind, amount: amount.toString(), net: net.toString() };
  });
}

function assembled(state: CheckState, given: Allotted): CheckTotals {
  const { mode } = state.policies.rounding;
  const rows = new Map<string, Row>();
  let subtotal = 0n;
  let stored = 0n;
  let goods = 0n;
  for (const share of Object.values(state.shares)) {
    const listed = lineAmount(share, mode);
    subtotal += listed;
    if (share.kind === "stored-value") {
      stored += listed;
      continue;
    }
    const amount = payableAmount(share, mode);
    goods += amount;
    rowOf(rows, share.tax).amount += amount;
  }
  const charge = chargeOf(state);
  let charged = 0n;
  let chargeTax = 0n;
  for (const group of given) {
    charged += BigInt(group.charge);
    chargeTax += BigInt(group.chargeTax);
    for (const row of group.taxes) rowOf(rows, { code: row.code, name: row.name, rate: row.rate, inclusive: row.inclusive }).taxed += BigInt(row.tax);
  }
  if (charge?.tax) rowOf(rows, charge.tax).amount += charged;
  const taxes = [...rows.values()].sort((a, b) => `${a.tax.code} ${a.tax.rate}`.localeCompare(`${b.tax.code} ${b.tax.rate}`, "en"));
  let tax = 0n;
  let inside = 0n;
  for (const row of taxes) {
    tax += row.taxed;
    if (row.tax.inclusive) inside += row.taxed;
  }
  const total = goods + charged - inside + tax + stored;
  const paid = state.tenders.reduce((sum, tender) => sum + minorUnits(tender.amount), 0n);
  const adjustments = adjustmentsOf(state);
  return {
    currency: state.currency,
    subtotal: subtotal.toString(),
    ...(adjustments.length > 0 ? { adjustments } : {}),
    net: (total - (charged - chargeTax) - tax - stored).toString(),
    serviceCharge: (charged - chargeTax).toString(),
    ...(charge ? { serviceChargeRate: charge.rate } : {}),
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

/**
 * What the check says, by its own frozen policies (DOM-9). net + service charge + tax + stored value + rounding = total, always. A member of a family says what
 * it was given (DOM-11); `taxOnSplit: own-receipt` says what its own lines come to, and the difference on a line of its own.
 */
export function checkTotals(state: CheckState): CheckTotals {
  const own = () => allot([state]).get(state.id) ?? [];
  if (!state.allotted) return assembled(state, own());
  const family = assembled(state, state.allotted);
  if (state.policies.taxOnSplit !== "own-receipt") return family;
  const alone = assembled(state, own());
  const rounding = BigInt(family.total) - BigInt(alone.total);
  return { ...alone, ...(rounding === 0n ? {} : { rounding: rounding.toString() }), total: family.total, due: family.due };
}
