import type { EventType } from "#shared/events/catalog.ts";
import type { Aggregate, AggregateKind, StateOf } from "./aggregate.ts";
import { evolveCashReport, evolveDrawer, evolveMovement, evolveTill } from "./cash/evolve.ts";
import { evolveApproval } from "./approval/evolve.ts";
import { evolveCheck, evolveSeries } from "./check/evolve.ts";
import { evolveDocument } from "./document/evolve.ts";
import { evolveParty, evolveTable } from "./floor/evolve.ts";
import { evolveGiftCard } from "./gift-card/evolve.ts";
import { evolveCategory, evolveCountdown, evolveDelivery, evolveIngredient, evolveProduct } from "./menu/evolve.ts";
import { evolveMerchant, evolveOrganizer } from "./merchant/evolve.ts";
import { evolveDeadLetter, evolveMaintenance } from "./operation/evolve.ts";
import { evolveOrder } from "./order/evolve.ts";
import { evolvePayment } from "./payment/evolve.ts";
import { evolveAccountPayment, evolveHouseAccount, evolveRefund, evolveVoucher, evolveWebhook } from "./payment/evolve-documents.ts";
import { isOpen } from "./payment/machine.ts";
import { pointsOfPayment, pointsOfRefund } from "./payment/to-resolve.ts";
import { evolvePrinter, evolvePrintJob } from "./print-job/evolve.ts";
import { evolveDevice, evolveStaff } from "./staff/evolve.ts";
import { evolveTicket } from "./ticket/evolve.ts";

const always = () => true;
const never = () => false;

function small<K extends Exclude<AggregateKind, "order" | "check" | "ticket">>(kind: K, evolve: Aggregate<K>["evolve"], isActive: (state: StateOf[K]) => boolean): Aggregate<K> {
  return { kind, evolveVersion: 1, partsKey: null as Aggregate<K>["partsKey"], evolve, isActive };
}

export const AGGREGATES: { readonly [K in AggregateKind]: Aggregate<K> } = {
  organizer: small("organizer", evolveOrganizer, always),
  merchant: { ...small("merchant", evolveMerchant, always), evolveVersion: 3 },
  staff: small("staff", evolveStaff, (staff) => !staff.disabled),
  device: small("device", evolveDevice, (device) => !device.revoked),
  category: small("category", evolveCategory, always),
  product: small("product", evolveProduct, always),
  ingredient: small("ingredient", evolveIngredient, always),
  delivery: small("delivery", evolveDelivery, never),
  countdown: small("countdown", evolveCountdown, always),
  table: small("table", evolveTable, always),
  party: { ...small("party", evolveParty, (party) => !party.cleared), evolveVersion: 2 },
  order: { kind: "order", evolveVersion: 3, partsKey: "items", evolve: evolveOrder, isActive: (order) => !order.completed },
  check: { kind: "check", evolveVersion: 3, partsKey: "shares", evolve: evolveCheck, isActive: (check) => check.status !== "closed" && check.status !== "voided" },
  series: small("series", evolveSeries, never),
  payment: { ...small("payment", evolvePayment, (payment) => isOpen(payment.status) || payment.pending !== null || pointsOfPayment(payment).length > 0), evolveVersion: 3 },
  refund: { ...small("refund", evolveRefund, (refund) => pointsOfRefund(refund).length > 0 || (!refund.cancelled && refund.payouts.some(({ status }) => status !== "success"))), evolveVersion: 5 },
  "house-account": { ...small("house-account", evolveHouseAccount, (account) => !account.closed || account.balance.amount !== "0"), evolveVersion: 2 },
  "account-payment": small("account-payment", evolveAccountPayment, never),
  voucher: small("voucher", evolveVoucher, never),
  webhook: small("webhook", evolveWebhook, never),
  drawer: { ...small("drawer", evolveDrawer, (drawer) => drawer.closed === null), evolveVersion: 4 },
  movement: small("movement", evolveMovement, never),
  till: small("till", evolveTill, never),
  "cash-report": small("cash-report", evolveCashReport, never),
  document: small("document", evolveDocument, (document) => document.status === "making"),
  ticket: { kind: "ticket", evolveVersion: 1, partsKey: "items", evolve: evolveTicket, isActive: (ticket) => ticket.status !== "completed" },
  approval: small("approval", evolveApproval, (approval) => approval.status === "pending" || approval.status === "granted"),
  "gift-card": small("gift-card", evolveGiftCard, never),
  "print-job": small("print-job", evolvePrintJob, always),
  printer: small("printer", evolvePrinter, always),
  "dead-letter": small("dead-letter", evolveDeadLetter, never),
  maintenance: small("maintenance", evolveMaintenance, never),
};

const PREFIXES: readonly (readonly [prefix: string, kind: AggregateKind])[] = [
  ["commerce.organizer.", "organizer"],
  ["commerce.table.", "table"],
  ["commerce.", "merchant"],
  ["catalog.category.", "category"],
  ["catalog.product.", "product"],
  ["stock.ingredient.", "ingredient"],
  ["stock.delivery.", "delivery"],
  ["stock.countdown.", "countdown"],
  ["identity.staff.", "staff"],
  ["identity.device.", "device"],
  ["allocation.usage.", "party"],
  ["allocation.table.", "table"],
  ["sale.order.", "order"],
  ["sale.check.", "check"],
  ["sale.series.", "series"],
  ["sale.kitchen-ticket", "ticket"],
  ["payment.refund.", "refund"],
  ["payment.house-account.", "house-account"],
  ["payment.account-payment.", "account-payment"],
  ["payment.voucher.", "voucher"],
  ["payment.webhook.", "webhook"],
  ["payment.", "payment"],
  ["cash.drawer.", "drawer"],
  ["cash.movement.", "movement"],
  ["cash.till.", "till"],
  ["cash.report.", "cash-report"],
  ["cash.series.", "series"],
  ["document.file.", "document"],
  ["approval.", "approval"],
  ["giftcard.", "gift-card"],
  ["printing.job.", "print-job"],
  ["printing.printer.", "printer"],
  ["system.dead-letter.", "dead-letter"],
  ["system.maintenance.", "maintenance"],
];

/** The kind of stream that an event is written to; undefined for a type that is not in the catalogue. */
export function aggregateForEvent(type: EventType): AggregateKind | undefined {
  return PREFIXES.find(([prefix]) => type.startsWith(prefix))?.[1];
}
