import type { OrderItem } from "#shared/events/sale-order.ts";
import type { Adjustment, Share } from "#shared/events/sale-check.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { nearest, sum, thousandths } from "./arithmetic.ts";
import { compareCounts, type Finding, type History } from "./history.ts";

/** What is ordered and what the checks bear of it, after any part of the log. */
export type Billing = {
  /** Neither removed nor voided, with the quantity that is left. */
  readonly items: ReadonlyMap<string, OrderItem>;
  /** By check, by share. */
  readonly checks: ReadonlyMap<string, ReadonlyMap<string, Share>>;
  /** By check: what was taken off it. */
  readonly adjustments: ReadonlyMap<string, readonly Adjustment[]>;
};

/** Along the log, told to `seen` after each event; answers how it is at the end. */
export function billing({ all }: Pick<History, "all">, seen: (event: EventEnvelope, now: Billing) => void = () => {}): Billing {
  const items = new Map<string, OrderItem>();
  const checks = new Map<string, Map<string, Share>>();
  const adjustments = new Map<string, readonly Adjustment[]>();
  for (const { event } of all) {
    order(event, items);
    if (event.type === "sale.check.created") checks.set(event.subject, new Map());
    if (event.type === "sale.check.updated" || event.type === "sale.check.merged" || event.type === "sale.check.rolledBack") {
      const shares = checks.get(event.subject) ?? new Map<string, Share>();
      checks.set(event.subject, shares);
      if (event.data.adjustments !== undefined) adjustments.set(event.subject, event.data.adjustments);
      for (const share of event.data.removed) shares.delete(share);
      for (const share of [...event.data.added, ...event.data.changed]) shares.set(share.share, share);
    }
    seen(event, { items, checks, adjustments });
  }
  return { items, checks, adjustments };
}

function order(event: EventEnvelope, items: Map<string, OrderItem>): void {
  switch (event.type) {
    case "sale.order.itemsAdded":
      for (const item of event.data.items) items.set(item.item, item);
      return;
    case "sale.order.itemChanged":
      items.set(event.data.item.item, event.data.item);
      return;
    case "sale.order.itemRemoved":
      items.delete(event.data.item);
      return;
    case "sale.order.itemVoided": {
      const { item, remaining } = event.data;
      const known = items.get(item);
      if (remaining === null) items.delete(item);
      else if (known !== undefined) items.set(item, { ...known, quantity: remaining });
      return;
    }
    default:
  }
}

/** DOM-10: what was ordered and not taken off is billed once, whole and at its price, whichever checks bear it; nothing else is billed; and paper has what the check has. */
export function checkBilled(history: Pick<History, "all">): Finding[] {
  const onPaper: Finding[] = [];
  const { items, checks } = billing(history, (event, now) => onPaper.push(...paperOf(event, now)));
  const borne = new Map<string, Share[]>();
  for (const share of [...checks.values()].flatMap((shares) => [...shares.values()])) borne.set(share.item, [...(borne.get(share.item) ?? []), share]);
  return [
    ...[...items].flatMap(([id, item]) => checkItem(item, borne.get(id) ?? []).map((wrong) => `item ${id} (${item.names.receipt}) ${wrong}`)),
    ...[...borne].flatMap(([id, shares]) => (items.has(id) ? [] : [`item ${id} (${shares[0]?.name}) is billed, and is not ordered or is void`])),
    ...onPaper,
  ];
}

function checkItem(item: OrderItem, shares: readonly Share[]): Finding[] {
  if (shares.length === 0) return ["is ordered and on no bill"];
  const denominator = shares.reduce((all, share) => all * BigInt(share.denominator), 1n);
  const numerator = shares.reduce((all, share) => all + (BigInt(share.numerator) * denominator) / BigInt(share.denominator), 0n);
  const listed = nearest(priceOfOne(item) * thousandths(item.quantity), 1000n);
  const billed = sum(shares.map(amountOf));
  const strange = shares.find(({ quantity, unitPrice, tax }) => quantity !== item.quantity || BigInt(unitPrice.amount) !== priceOfOne(item) || tax.code !== item.tax.code || tax.rate !== item.tax.rate);
  return [
    ...(numerator === denominator ? [] : [`is billed ${numerator}/${denominator} times`]),
    ...(billed === listed ? [] : [`is billed for ${billed}, and is ${item.quantity} at ${priceOfOne(item)}`]),
    ...(strange === undefined ? [] : [`is billed as ${strange.quantity} at ${strange.unitPrice.amount} taxed ${strange.tax.rate}, and was ordered as ${item.quantity} at ${priceOfOne(item)} taxed ${item.tax.rate}`]),
  ];
}

/** With its modifiers, in minor units. */
export function priceOfOne({ unitPrice, modifiers }: OrderItem): bigint {
  return BigInt(unitPrice.amount) + sum(modifiers.map(({ price }) => price.amount));
}

/** What the part reads on the bill, minor units. */
export function amountOf({ amount, unitPrice, quantity, numerator, denominator }: Share): bigint {
  if (amount !== undefined) return BigInt(amount);
  return nearest(BigInt(unitPrice.amount) * thousandths(quantity) * BigInt(numerator), 1000n * BigInt(denominator));
}

/** A combo is one line for several shares, so that those are only held to their sum. */
function paperOf(event: EventEnvelope, { checks }: Billing): Finding[] {
  if (event.type !== "sale.check.presented" && event.type !== "sale.check.closed" && event.type !== "sale.check.receiptRequested") return [];
  const shares = [...(checks.get(event.subject)?.values() ?? [])];
  const { lines } = event.data.receipt;
  const what = `line of ${event.type} ${event.id}`;
  const [ours, theirs] = [sum(shares.map(amountOf)), sum(lines.map(({ amount }) => amount.amount))];
  if (ours !== theirs) return [`${what}: the lines are ${theirs}, what the check bears is ${ours}`];
  if (shares.some(({ combo, numerator, denominator }) => combo !== undefined || numerator !== denominator)) return [];
  return compareCounts(
    what,
    shares.map((share) => `${share.quantity}x ${share.name} ${amountOf(share)}`),
    lines.map(({ quantity, name, amount }) => `${quantity}x ${name} ${amount.amount}`),
  );
}
