import type { ApprovalAction, ApprovalPurpose, ApprovalSubject, ApprovedPayout } from "#shared/events/approval.ts";
import type { Money } from "#shared/events/primitives.ts";
import { METHOD_WORDS } from "./methods.ts";

/** What somebody asks leave for, as a button and as the beginning of a sentence. */
export const ACTION_WORDS: Readonly<Record<ApprovalAction, string>> = {
  discount: "Discount",
  comp: "On the house",
  "staff-meal": "Staff meal",
  "void-made": "Void after it was made",
  "remove-service-charge": "Take off the service charge",
  refund: "Refund",
  "wrong-tender": "Correct a payment",
  "resolve-unknown": "Decide an unknown payment",
  "pay-out": "Pay out",
};

/** "0.125" as "12.5 %", exactly; "1" as "100 %". */
export function rateInWords(rate: string): string {
  const [whole = "0", fraction = ""] = rate.split(".");
  const digits = fraction.padEnd(2, "0");
  const percent = String(Number(`${whole}${digits.slice(0, 2)}`));
  const rest = digits.slice(2).replace(/0+$/, "");
  return `${percent}${rest === "" ? "" : `.${rest}`} %`;
}

const PURPOSE_WORDS: Readonly<Record<ApprovalPurpose, string | null>> = {
  all: "All that is left of the bill",
  items: null,
  amount: "An amount of the bill",
  overpayment: "What was paid too much",
  payment: "A payment on a bill that is open: it is due again",
  "written-off": "The guest has it twice: it is given up",
  "another-way": "Goes another way than was agreed",
  "taken-back": "The payment is taken back",
  "paid-otherwise": null,
  captured: "The guest was charged",
  "not-captured": "The guest was not charged",
  "payout-paid": "The guest was given it back",
  "payout-not-paid": "The guest was not given it back",
  expense: "For an expense",
  supplier: "For a supplier",
  "returned-to-safe": "Back to the safe",
  tips: "Tips",
  "tips-of-pool": "Out of the tip pool",
  "tip-lowered": "A cash tip made smaller",
  "account-credit": "What the account has too much",
};

/** What things are called on this screen; what it does not know has a general word. */
export type Names = { readonly money: (money: Money) => string; readonly drawer: (drawer: string) => string; readonly account: (account: string) => string; readonly refund: (refund: string) => string; readonly provider: (provider: string) => string };

/** Everything that the yes is bound to and that is not in the title: one line each (DOM-20). */
export function boundInWords(subject: ApprovalSubject, names: Names): readonly string[] {
  const { purpose, items, payouts, tender, drawer, person, refund, lines, upTo } = subject;
  const instead = tender === null ? null : `It was paid another way: ${METHOD_WORDS[tender.method]}${referenceInWords(tender, names)}`;
  return [
    person === null ? null : `To ${person.name}`,
    purpose === null ? null : PURPOSE_WORDS[purpose],
    refund === null ? null : `Of refund ${names.refund(refund)}`,
    instead,
    lines.length === 0 ? null : `${lines.length} ${lines.length === 1 ? "line" : "lines"}`,
    upTo === undefined ? null : `Up to ${names.money(upTo)}`,
    ...items.map(({ name, quantity, amount }) => `${quantity} × ${name}, ${names.money(amount)}`),
    ...payouts.map((payout) => payoutInWords(payout, names)),
    drawer === null ? null : `Drawer: ${names.drawer(drawer)}`,
  ].filter((line) => line !== null);
}

function referenceInWords({ method, reference }: NonNullable<ApprovalSubject["tender"]>, names: Names): string {
  if (reference === null) return "";
  switch (method) {
    case "house-account":
      return `, ${names.account(reference)}`;
    case "gift-card":
      return ` …${reference.slice(-6)}`;
    case "card-terminal":
    case "qr":
      return `, ${names.provider(reference)}`;
    default:
      return `, slip ${reference}`;
  }
}

function payoutInWords({ method, amount, tip, drawer }: ApprovedPayout, names: Names): string {
  const way = method === "cash" ? `in cash${drawer === null ? "" : ` out of ${names.drawer(drawer)}`}` : `back to ${METHOD_WORDS[method].toLowerCase()}`;
  return `${names.money(amount)} ${way}${tip.amount === "0" ? "" : `, ${names.money(tip)} of it tip`}`;
}
