import type { Adjustment, CheckTotals, Share } from "#shared/events/sale-check.ts";
import type { Policies } from "#shared/events/commerce.ts";
import { amountOf, billing } from "./billed.ts";
import { fractionOf, nearest, sum } from "./arithmetic.ts";
import { grouped, type Finding, type History } from "./history.ts";

type Tax = Pick<CheckTotals["taxes"][number], "code" | "rate" | "inclusive">;
const keyOf = ({ code, rate, inclusive }: Tax) => `${code} ${rate} ${inclusive ? "inside" : "on top"}`;

/**
 * DOM-9, DOM-11: what the guests of an order owe together, once all its checks are closed: its items at list, the service charge of its place, and the tax of each rate, rounded once.
 * However they divided the bill, the sum is the same. Of a whole check a rate may be taken off; what the load does not do (amounts off, single lines, another charge, gift cards) leaves its order out.
 */
export function checkTotals(history: Pick<History, "all" | "of">): Finding[] {
  const { checks, adjustments } = billing(history);
  const closed = history.of("sale.check.closed");
  const byCheck = new Map(closed.map(({ subject, data }) => [subject, data.totals]));
  const orders = grouped(history.of("sale.check.created"), ({ data }) => data.order);
  return [
    ...closed.flatMap(({ subject, data }) => ownSum(data.totals).map((wrong) => `check ${subject} ${wrong}`)),
    ...[...orders].flatMap(([order, created]) => {
      const own = created.flatMap(({ subject }) => (byCheck.has(subject) || (checks.get(subject)?.size ?? 0) > 0 ? [subject] : []));
      const totals = own.flatMap((check) => byCheck.get(check) ?? []);
      const lines = own.flatMap((check) => [...(checks.get(check)?.values() ?? [])].map((share): Line => ({ share, off: adjustments.get(check) ?? [] })));
      const [first] = created;
      if (first === undefined || totals.length < own.length || created.some(({ data }) => data.charge !== undefined) || lines.some(isLeftOut)) return [];
      return compare(order, totals, worked(lines, first.data.policies, first.data.serviceType));
    }),
  ];
}

type Line = { readonly share: Share; readonly off: readonly Adjustment[] };

function isLeftOut({ share: { charge, kind }, off }: Line): boolean {
  return charge !== undefined || kind === "stored-value" || off.some(({ scope, rate }) => scope !== "check" || rate === null);
}

/** One after the other, each of what the one before it left. */
function cutsOf({ share, off }: Line): readonly { readonly kind: Adjustment["kind"]; readonly amount: bigint }[] {
  let left = amountOf(share);
  return off.map(({ kind, rate }) => {
    const [n, d] = fractionOf(rate ?? "0");
    const amount = nearest(left * n, d);
    left -= amount;
    return { kind, amount };
  });
}

function ownSum({ net, serviceCharge, tax, storedValue, rounding, total, paid, due }: CheckTotals): Finding[] {
  const parts = sum([net, serviceCharge, tax, storedValue, rounding]);
  return [...(parts === BigInt(total) ? [] : [`is ${total}, its parts make ${parts}`]), ...(due === "0" && paid === total ? [] : [`of ${total} is closed with ${paid} paid and ${due} due`])];
}

type Worked = { readonly total: bigint; readonly charge: bigint; readonly off: bigint; readonly taxes: ReadonlyMap<string, bigint> };

function worked(lines: readonly Line[], { taxes, serviceCharge }: Policies, serviceType: string): Worked {
  const listed = sum(lines.map(({ share }) => amountOf(share)));
  const off = sum(lines.flatMap(cutsOf).map(({ amount }) => amount));
  const bases = new Map<string, { readonly tax: Tax; amount: bigint }>();
  const add = (tax: Tax, amount: bigint) => {
    const base = bases.get(keyOf(tax)) ?? { tax, amount: 0n };
    base.amount += amount;
    bases.set(keyOf(tax), base);
  };
  for (const line of lines) add(line.share.tax, amountOf(line.share) - sum(cutsOf(line).map(({ amount }) => amount)));
  const [n, d] = serviceCharge?.serviceTypes.some((type) => type === serviceType) ? fractionOf(serviceCharge.rate) : [0n, 1n];
  const charge = nearest((serviceCharge?.base === "after-discount" ? listed - off : listed) * n, d);
  const ofCharge = taxes.find(({ code, serviceTypes }) => code === serviceCharge?.taxCode && (serviceTypes?.some((type) => type === serviceType) ?? true));
  if (charge > 0n && ofCharge !== undefined) add(ofCharge, charge);
  const due = new Map([...bases].map(([key, { tax, amount }]) => [key, taxOf(amount, tax)]));
  const onTop = sum([...bases].flatMap(([key, { tax }]) => (tax.inclusive ? [] : [due.get(key)])));
  const inCharge = charge > 0n && ofCharge?.inclusive ? taxOf(charge, ofCharge) : 0n;
  return { total: listed - off + charge + onTop, charge: charge - inCharge, off, taxes: due };
}

function taxOf(amount: bigint, { rate, inclusive }: Tax): bigint {
  const [n, d] = fractionOf(rate);
  return nearest(amount * n, inclusive ? d + n : d);
}

function compare(order: string, totals: readonly CheckTotals[], should: Worked): Finding[] {
  const differs = (what: string, is: bigint, ought: bigint) => (is === ought ? [] : [`the bill of ${order}: ${what} is ${is}, not ${ought}`]);
  const rows = grouped(totals.flatMap(({ taxes }) => taxes), keyOf);
  return [
    ...differs("its total", sum(totals.map(({ total }) => total)), should.total),
    ...differs("what was taken off it", sum(totals.flatMap(({ adjustments = [] }) => adjustments.map(({ amount }) => amount))), should.off),
    ...differs("its service charge", sum(totals.map(({ serviceCharge }) => serviceCharge)), should.charge),
    ...differs("its tax", sum(totals.map(({ tax }) => tax)), sum(should.taxes.values())),
    ...[...new Set([...rows.keys(), ...should.taxes.keys()])].flatMap((key) => differs(`its tax ${key}`, sum((rows.get(key) ?? []).map(({ tax }) => tax)), should.taxes.get(key) ?? 0n)),
  ];
}
