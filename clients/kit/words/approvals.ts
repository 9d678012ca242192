import type { ApprovalAction } from "#shared/events/approval.ts";

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
  "pay-out": "Pay out of the drawer",
};

/** "0.125" as "12.5 %", exactly; "1" as "100 %". */
export function rateInWords(rate: string): string {
  const [whole = "0", fraction = ""] = rate.split(".");
  const digits = fraction.padEnd(2, "0");
  const percent = String(Number(`${whole}${digits.slice(0, 2)}`));
  const rest = digits.slice(2).replace(/0+$/, "");
  return `${percent}${rest === "" ? "" : `.${rest}`} %`;
}
