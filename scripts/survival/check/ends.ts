import type { CommandInput, CommandType } from "#shared/domain/registry.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import type { Sent } from "../device.ts";
import { grouped, type Finding, type History } from "./history.ts";

/** One thing that the log must have of a stream when the answer is there. */
type End = { readonly subject: string; readonly types: readonly EventType[]; readonly is?: (event: EventEnvelope) => boolean };
type Ends = { readonly [Type in CommandType]?: (input: CommandInput<Type>) => readonly End[] };
type Answered = Pick<Sent, "commandId" | "type" | "input" | "answer" | "answeredAt">;

/** What may be so already when somebody taps: the answer is yes, and nothing is written. */
const MAY_BE_SO: ReadonlySet<CommandType> = new Set(["ticket.show", "ticket.startItem", "ticket.bump", "party.clear", "payment.cancelAttempt"]);

const end = (subject: string, ...types: readonly EventType[]): End => ({ subject, types });
const itemOf = (event: EventEnvelope) => ("item" in event.data ? event.data.item : undefined);
const operationOf = (event: EventEnvelope) => ("operation" in event.data ? (typeof event.data.operation === "string" ? event.data.operation : event.data.operation?.operation) : undefined);

/** What each command of the load leaves behind. */
const ENDS: Ends = {
  "party.seat": ({ party }) => [end(party, "allocation.usage.seated")],
  "party.clear": ({ party }) => [end(party, "allocation.usage.cleared")],
  "order.addItems": ({ order, items }) => items.map(({ item }) => ({ ...end(order, "sale.order.itemsAdded"), is: (event) => event.type === "sale.order.itemsAdded" && event.data.items.some((one) => one.item === item) })),
  "order.removeItem": ({ order, item }) => [{ ...end(order, "sale.order.itemRemoved"), is: (event) => itemOf(event) === item }],
  "order.send": ({ order, items }) => items.map((item) => ({ ...end(order, "sale.order.sent"), is: (event) => event.type === "sale.order.sent" && event.data.items.some((one) => one.item === item) })),
  "order.fireCourse": ({ order, course }) => [{ ...end(order, "sale.order.courseFired"), is: (event) => event.type === "sale.order.courseFired" && event.data.course === course }],
  "order.voidItem": ({ order, item }) => [{ ...end(order, "sale.order.itemVoided"), is: (event) => itemOf(event) === item }],
  "ticket.show": ({ tickets }) => tickets.map((ticket) => end(ticket, "sale.kitchen-ticket.shown")),
  "ticket.startItem": ({ ticket, item }) => [{ ...end(ticket, "sale.kitchen-ticket-item.started", "sale.kitchen-ticket-item.ready", "sale.kitchen-ticket-item.voided"), is: (event) => itemOf(event) === item }],
  "ticket.bump": ({ ticket }) => [end(ticket, "sale.kitchen-ticket.completed")],
  "check.split": ({ check, into, operation }) => [check, ...into.map((one) => one.check)].map((one) => ({ ...end(one, "sale.check.updated"), is: (event) => operationOf(event) === operation })),
  "check.undo": ({ check, operation }) => [{ ...end(check, "sale.check.rolledBack"), is: (event) => operationOf(event) === operation }],
  "check.merge": ({ target, sources, operation }) => [target, ...sources].map((one) => ({ ...end(one, "sale.check.merged"), is: (event) => operationOf(event) === operation })),
  "check.setParts": ({ check, parts }) => [{ ...end(check, "sale.check.updated"), is: (event) => event.type === "sale.check.updated" && parts.every(({ part }) => event.data.parts?.some((one) => one.part === part)) }],
  "check.present": ({ check }) => [end(check, "sale.check.presented")],
  "check.close": ({ check }) => [end(check, "sale.check.closed")],
  "check.printReceipt": ({ check }) => [end(check, "sale.check.receiptRequested")],
  "payment.takeCash": ({ payment }) => [end(payment, "payment.attempt.success")],
  "payment.startAttempt": ({ payment }) => [end(payment, "payment.transaction.created")],
  "payment.askProvider": ({ payment }) => [end(payment, "payment.attempt.asked")],
  "payment.cancelAttempt": ({ payment }) => [end(payment, "payment.attempt.cancelRequested")],
  "payment.refund": ({ refund }) => [end(refund, "payment.refund.created")],
  "drawer.open": ({ drawer }) => [end(drawer, "cash.drawer.opened")],
};

/** LOG-3: what is answered with a yes is so by then; and nothing was written for it only where it was so before. */
export function checkEnds(history: Pick<History, "all">, devices: readonly { readonly sent: readonly Answered[] }[]): Finding[] {
  const streams = grouped(history.all.map(({ event }) => event), ({ subject }) => subject);
  return devices.flatMap(({ sent }) =>
    sent.flatMap(({ commandId, type, input, answer, answeredAt }) => {
      if (answer?.ok !== true) return [];
      if (answer.at === null && !MAY_BE_SO.has(type)) return [`${type} ${commandId} was answered with a yes, and wrote nothing`];
      const by = new Date(answeredAt ?? Date.now()).toISOString();
      const ends = (ENDS[type] as ((wanted: unknown) => readonly End[]) | undefined)?.(input) ?? [];
      const missing = ends.find(({ subject, types, is = () => true }) => !(streams.get(subject) ?? []).some((event) => types.some((one) => one === event.type) && event.time <= by && is(event)));
      return missing === undefined ? [] : [`${type} ${commandId} was answered with a yes, and ${missing.subject} has no ${missing.types[0]}${answer.at === null ? ": it wrote nothing" : ""}`];
    }),
  );
}
