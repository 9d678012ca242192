import type { Capability } from "#shared/events/identity.ts";

export type Topic = {
  readonly name: `ws:observation.${string}`;
  /** Beginnings of the event types that it carries; the longest beginning in the table wins, so every type has one topic. */
  readonly carries: readonly string[];
  /** One of these is enough; "everyone" is every device that holds a ticket. */
  readonly seenBy: "everyone" | readonly Capability[];
};

const service: readonly Capability[] = ["floor.seat", "order.take", "check.settle", "kitchen.work", "manage.view"];
const money: readonly Capability[] = ["order.take", "check.settle", "drawer.operate", "manage.view"];
const stock: readonly Capability[] = ["stock.count", "manage.view", "manage.settings"];
const management: readonly Capability[] = ["manage.view", "manage.settings"];

/** RT-1. The order is that of the audience's bits inside one hub; it is never on the wire. */
export const TOPICS: readonly Topic[] = [
  { name: "ws:observation.sale.sale-order", carries: ["sale.order."], seenBy: service },
  { name: "ws:observation.sale.sale-order-item", carries: ["sale.order.item"], seenBy: service },
  { name: "ws:observation.sale.sale-check", carries: ["sale.check.", "sale.series."], seenBy: money },
  { name: "ws:observation.sale.kitchen-ticket", carries: ["sale.kitchen-ticket."], seenBy: service },
  { name: "ws:observation.sale.kitchen-ticket-item", carries: ["sale.kitchen-ticket-item."], seenBy: service },
  { name: "ws:observation.allocation.allocation-usage", carries: ["allocation."], seenBy: service },
  { name: "ws:observation.payment.transaction", carries: ["payment."], seenBy: money },
  { name: "ws:observation.payment.payment-attempt", carries: ["payment.attempt."], seenBy: money },
  { name: "ws:observation.payment.webhook", carries: ["payment.webhook."], seenBy: ["operate.system"] },
  { name: "ws:observation.cash.drawer-session", carries: ["cash."], seenBy: ["check.settle", "drawer.operate", "manage.view"] },
  // An X says what should be in the drawer, and who counts it is not told (CSH-4). Others get their papers from the hub, without it.
  { name: "ws:observation.cash.cash-report", carries: ["cash.report."], seenBy: ["approve.cash"] },
  { name: "ws:observation.approval.approval", carries: ["approval."], seenBy: ["order.take", "check.settle", "drawer.operate", "approve.adjustments", "approve.payments", "approve.cash"] },
  { name: "ws:observation.document.file", carries: ["document."], seenBy: money },
  { name: "ws:observation.giftcard.card", carries: ["giftcard."], seenBy: ["check.settle", "manage.view"] },
  { name: "ws:observation.catalog.product", carries: ["catalog."], seenBy: "everyone" },
  { name: "ws:observation.stock.countdown", carries: ["stock.countdown."], seenBy: "everyone" },
  { name: "ws:observation.stock.ingredient", carries: ["stock."], seenBy: stock },
  { name: "ws:observation.commerce.merchant", carries: ["commerce."], seenBy: "everyone" },
  { name: "ws:observation.printing.print-job", carries: ["printing.job."], seenBy: service },
  { name: "ws:observation.printing.printer", carries: ["printing."], seenBy: service },
  { name: "ws:observation.identity.staff", carries: ["identity."], seenBy: management },
  { name: "ws:observation.identity.device", carries: ["identity.device."], seenBy: management },
  { name: "ws:observation.system.notice", carries: ["system."], seenBy: ["operate.system", "manage.view"] },
  { name: "ws:observation.outreach.inquiry.submitted", carries: ["outreach.inquiry."], seenBy: management },
];

/** The topic that carries a type; an unknown type has none and reaches no screen. */
export function topicOf(eventType: string): Topic | undefined {
  let best: Topic | undefined;
  let length = 0;
  for (const topic of TOPICS) {
    for (const beginning of topic.carries) {
      if (beginning.length > length && eventType.startsWith(beginning)) {
        best = topic;
        length = beginning.length;
      }
    }
  }
  return best;
}

export function maySee(topic: Topic, capabilities: ReadonlySet<string>): boolean {
  return topic.seenBy === "everyone" || topic.seenBy.some((capability) => capabilities.has(capability));
}
