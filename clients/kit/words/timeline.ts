import { commitmentInWords } from "#shared/domain/erased.ts";
import type { TimelineEntry, TimelineLine, TimelineStep } from "#shared/domain/timeline/entry.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { PaymentMethod } from "#shared/events/sale-check.ts";
import { ACTION_WORDS, rateInWords } from "./approvals.ts";
import { ADJUSTMENT_WORDS, OPERATION_WORDS } from "./checks.ts";
import { METHOD_WORDS } from "./methods.ts";

type Text = (money: Money) => string;
/** How the place calls a terminal or a QR provider. */
type ProviderName = (provider: string | null, method: PaymentMethod | null) => string;

const WHY: Readonly<Record<string, string>> = { split: "moved", share: "shared", void: "voided", "order-merge": "came with another order", "order-split": "divided", family: "shared out anew", covers: "covers changed" };
const ATTEMPTS = { opened: "asked for", unknown: "result not known", captured: "paid", failed: "failed", expired: "expired", cancelled: "cancelled" } as const;

/** Who did it: a person, the terminal or the QR provider that told us, or the hub by itself. */
export function actorInWords({ actor, steps }: Pick<TimelineEntry, "actor" | "steps">, providerName: ProviderName): string {
  if (actor.name !== null) return actor.name;
  if (actor.kind === "staff") return "Somebody";
  if (actor.kind === "device") return "A screen";
  const told = steps.find((step) => step.kind === "attempt" || step.kind === "payment");
  return told && (told.provider !== null || told.method === "card-terminal" || told.method === "qr") ? providerName(told.provider, told.method) : "The hub";
}

const MINUTE_MS = 60_000;

/** Whether the device's own time of it is another one than the hub's: it waited for its connection, or its clock is wrong. */
export function isToldLater({ at, recordedAt }: Pick<TimelineEntry, "at" | "recordedAt">): boolean {
  return Math.abs(Date.parse(recordedAt) - Date.parse(at)) >= MINUTE_MS;
}

/** One thing that happened to a bill, as a sentence without its subject. */
export function stepInWords(step: TimelineStep, text: Text, providerName: ProviderName): string {
  switch (step.kind) {
    case "opened":
      return step.origin === "order" ? `Opened for ${commitmentInWords(step.label)}, ${step.server}` : `Made by a ${step.origin}`;
    case "lines":
      return linesInWords(step, text);
    case "voided-item":
      return `Voided ${many(step.quantity)}${step.name}: ${step.reason}${step.wasMade ? ", after it was made" : step.wasFired ? ", after it was sent" : ""}`;
    case "adjusted":
      return `${ADJUSTMENT_WORDS[step.adjustment]} ${step.rate === null ? (step.amount ? text(step.amount) : "") : rateInWords(step.rate)}: ${step.reason}${step.approvedBy === step.by ? "" : `, agreed by ${step.approvedBy}`}`;
    case "adjustment-removed":
      return `${ADJUSTMENT_WORDS[step.adjustment]} taken back`;
    case "charge":
      return step.to === null ? `Service charge taken off${step.reason ? `: ${step.reason}` : ""}` : `Service charge ${rateInWords(step.to)}`;
    case "parts":
      return step.parts.length === 0 ? "Payment parts ended" : `Divided into ${step.parts.length} payment parts`;
    case "moved":
      return `Moved from ${commitmentInWords(step.from.label)} (${step.from.server}) to ${commitmentInWords(step.to.label)} (${step.to.server})`;
    case "surgery":
      return capital(OPERATION_WORDS[step.what].done);
    case "undone":
      return `Undid ${OPERATION_WORDS[step.what].noun}`;
    case "presented":
      return `Bill printed, number ${step.number}`;
    case "attempt":
      return `${providerName(step.provider, step.method)}${step.amount ? ` ${text(step.amount)}` : ""}: ${ATTEMPTS[step.state]}`;
    case "payment": {
      const extra = [step.reference, step.tip.amount === "0" ? null : `tip ${text(step.tip)}`, step.change && step.change.amount !== "0" ? `change ${text(step.change)}` : null, step.rounding.amount === "0" ? null : `rounding ${text(step.rounding)}`].filter(Boolean);
      return `${METHOD_WORDS[step.method]} ${text(step.amount)}${extra.length > 0 ? ` (${extra.join(", ")})` : ""}`;
    }
    case "payment-reversed":
      return `${METHOD_WORDS[step.method]} ${text(step.amount)} taken back: ${step.reason}`;
    case "tip":
      return `Tip is ${text(step.tip)} now`;
    case "overpaid":
      return `${text(step.amount)} was paid too much`;
    case "overpayment-applied":
      return `${METHOD_WORDS[step.method]} ${text(step.amount)}, paid too much before, pays this`;
    case "refunded":
      return `Refund ${step.number}: ${text(step.amount)}, ${step.reason}, agreed by ${step.approvedBy}`;
    case "refund-rerouted":
      return `${text(step.amount)} of a refund goes another way: ${METHOD_WORDS[step.method]}`;
    case "refund-cancelled":
      return "Refund cancelled";
    case "paid":
      return "Paid in full";
    case "closed":
      return `Closed, receipt ${step.number}`;
    case "printed":
      return step.copy === 0 ? "Receipt printed" : `Copy ${step.copy} printed`;
    case "voided":
      return step.reason === "merged" ? "Merged into another bill" : `Void: ${step.reason}`;
    case "approved":
      return `${step.by} agreed to: ${ACTION_WORDS[step.action].toLowerCase()}${step.inPlace ? ", here" : ", from afar"}`;
    case "other":
      return step.type === "sale.check.guestErased" ? "Guest erased" : step.type;
  }
}

function linesInWords({ why, added, removed, changed }: Extract<TimelineStep, { kind: "lines" }>, text: Text): string {
  const parts = [
    added.length > 0 ? `+ ${added.map((line) => lineInWords(line, text)).join(", ")}` : "",
    removed.length > 0 ? `− ${removed.map((line) => lineInWords(line, text)).join(", ")}` : "",
    ...changed.map(({ from, to }) => `${lineInWords(from, text)} → ${lineInWords(to, text)}`),
  ].filter((part) => part !== "");
  const because = why === null ? "" : WHY[why];
  return `${parts.join("; ")}${because ? ` (${because})` : ""}`;
}

function lineInWords({ quantity, name, part, amount }: TimelineLine, text: Text): string {
  return `${part === null ? many(quantity) : `${part} `}${name} ${text(amount)}`;
}

function many(quantity: string): string {
  return quantity === "1" ? "" : `${quantity} × `;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
