import type { Refusal } from "#shared/domain/command.ts";
import type { Money } from "#shared/events/primitives.ts";
import { formatMoney } from "#shared/money/format.ts";
import { currencyExponent } from "#shared/money/money.ts";

export type Locale = "en";
type Sentence = (refusal: Refusal) => string;

function dishes(items: unknown): string {
  if (!Array.isArray(items)) return "something of this order";
  const all: readonly { readonly name: string; readonly quantity: string }[] = items;
  return all.map(({ name, quantity }) => (quantity === "1" ? name : `${quantity} × ${name}`)).join(", ");
}

function exists(): string {
  return "This is there already.";
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  tip: "The tip",
  tendered: "What is handed over",
  value: "The value",
  float: "The float",
  counted: "What was counted",
  price: "The price",
  cost: "What is paid",
  limit: "The limit",
};

/** Why something cannot be undone, as the end of a sentence. */
const WHY_NOT: Readonly<Record<string, string>> = {
  closed: "the bill is closed",
  paid: "more was paid than would be owed",
  "attempt-open": "a payment is under way",
  "moved-on": "something was done since that has to be undone first",
  merged: "the bill was merged with another one",
  cleared: "the table was cleared",
  "table-occupied": "somebody sits there now",
  completed: "the order is closed",
};

/** Why what a consumer has made stays as it is (docs/spec/runner.md, RUN-5h). */
const KEPT: Readonly<Record<string, string>> = {
  audit: "a chain that was made again would prove nothing, run verify",
  kitchen: "its tickets are in the log already, and numbers that were called out would be given to other tickets",
  ledger: "the books are only added to, hold them to the log",
  operations: "what people have decided would be carried out again",
  payments: "a provider would be asked for the money again",
  printing: "paper cannot be taken back, the slips would come out again",
};

/** What a person reads is made here from the code, never from an error's text. */
const SENTENCES: Readonly<Record<Locale, Readonly<Record<string, Sentence>>>> = {
  en: {
    "signed-out": () => "Your session has ended. Enter your PIN again.",
    "session-expired": () => "Your session has ended. Enter your PIN again.",
    "wrong-pin": () => "That PIN is not right.",
    "too-many-requests": (r) => `Too many tries. Wait ${seconds(r["retryAfterMs"])}.`,
    "unknown-token": () => "This device is not paired any more.",
    "unknown-code": () => "That code is not known, or it has been used.",
    "wrong-code": () => "That code is not known, or it has been used.",
    "capability-missing": () => "You are not allowed to do this. Ask a manager.",
    "unknown-dead-letter": () => "This failed event is not known here.",
    "dead-letter-decided": (r) => (r["status"] === "discarded" ? "It was discarded already." : "It is being tried again already."),
    "not-rebuildable": (r) => `What "${String(r["group"])}" has made cannot be built anew: ${KEPT[String(r["group"])] ?? "it also writes elsewhere"}.`,
    "not-replayable": (r) => `"${String(r["group"])}" is never given events again: it would do things twice.`,
    "not-comparable": (r) => `What "${String(r["group"])}" has made cannot be held to the log by itself: ${KEPT[String(r["group"])] ?? "it also writes elsewhere"}.`,
    "maintenance-exists": exists,
    "unknown-gift-card": () => "This gift card is not known. Read its number once more, or take the money another way.",
    "gift-card-balance": () => "There is less left on the gift card.",
    "gift-card-spent": () => "Somebody has spent of this gift card: it cannot be given back.",
    "gift-card-quantity": () => "Sell gift cards one by one.",
    "amount-over-redeemed": () => "Less than that was taken from the gift card.",
    "not-in-units": (r) => `${FIELD_WORDS[String(r["field"])] ?? "The amount"} must be a multiple of ${amountOf(r["unit"], "the smallest amount")}: nothing smaller can be paid.`,
    "unit-not-shown": (r) => `The screens show nothing below ${amountOf(r["shown"], "their last digit")}: the smallest amount charged must be a multiple of it.`,
    "cash-step-not-in-units": (r) => `The smallest cash must be a multiple of ${amountOf(r["unit"], "the smallest amount charged")}, which is the smallest amount charged.`,
    "tax-in-use": (r) => `The tax "${String(r["tax"] ?? "")}" is used by products and must stay.`,
    "duplicate-size": () => "Two rules are for parties of the same size.",
    "empty-time": () => "The rule ends when it begins.",
    "rule-of-nothing": () => "A happy hour needs a category or a product.",
    "combo-of-its-own": () => "A combo has parts, and no choices or recipe of its own.",
    "combo-of-combos": () => "A part of a combo is something that is sold by itself.",
    "combo-part": () => "This belongs to a combo. Remove the combo and enter it again.",
    "combo-choices": (r) => `Choose ${String(r["name"] ?? "all parts")} of the combo.`,
    "bad-input": (r) => `The hub did not accept this${fieldsOf(r)}.`,
    "command-id-reused": () => "This was sent twice with different content and was not done. Try again.",
    "command-too-old": () => "This waited too long and was not done. Try again.",
    "hub-refused": () => "The hub refused this.",
    "not-found": () => "The hub does not know this.",
    "table-occupied": () => "Somebody sits at this table already.",
    "unknown-table": () => "This table does not exist any more.",
    "party-exists": () => "This party has been seated already.",
    "unknown-party": () => "This party is not known.",
    "party-cleared": () => "This table has been cleared already.",
    "check-open": () => "The bill is not closed yet.",
    "unsent-items": () => "Some items have not been sent yet.",
    "held-items": () => "A course is still held. Fire it or void it before the table is cleared.",
    "unknown-product": () => "This product does not exist any more.",
    "inactive-product": (r) => `${name(r, "This product")} is not sold any more.`,
    "sold-out": (r) => `${name(r, "This product")} is sold out.`,
    "modifier-minimum": (r) => `${name(r, "A choice")} is missing.`,
    "modifier-maximum": (r) => `Too many chosen${r["name"] ? ` of ${String(r["name"])}` : ""}.`,
    "unknown-option": () => "This choice is not offered any more.",
    "unknown-group": () => "This choice is not offered any more.",
    "prefix-not-allowed": () => "This choice cannot be asked for that way.",
    "unknown-variant": () => "This size is not offered any more.",
    "variant-required": (r) => `Choose a size${r["name"] ? ` of ${String(r["name"])}` : ""}.`,
    "too-many-items": (r) => `At most ${String(r["most"] ?? 100)} items at once, the parts of menus counted. Add these in two goes.`,
    "item-exists": () => "This item is in the order already.",
    "item-sent": () => "This item has been sent already.",
    "item-not-sent": () => "This item has not been sent yet.",
    "item-voided": () => "This item has been voided already.",
    "item-paid": () => "This item is paid already.",
    "unknown-item": () => "This item is not in the order any more.",
    "unknown-order": () => "This order is not known.",
    "order-exists": () => "This order exists already.",
    "order-open": () => "This order is not finished yet.",
    "order-being-made": (r) => `The kitchen still has ${dishes(r["items"])}, and needs to know for whom.`,
    "nothing-to-erase": () => "There is no guest's name here, or it was erased before.",
    "account-open": () => "Close the account first.",
    "order-completed": () => "This order is closed.",
    "check-closed": () => "This bill is closed.",
    "check-not-closed": () => "Close the bill first.",
    "unknown-entity": () => "Nothing here has this id.",
    "unknown-check": () => "This bill is not known.",
    "nothing-to-send": () => "Everything has been sent.",
    "nothing-held": (r) => `Nothing waits in course ${String(r["course"] ?? "")}.`.replace(" .", "."),
    "nothing-to-present": () => "There is nothing on this bill.",
    "insufficient-stock": (r) => `Not enough left: ${shortOf(r)}.`,
    "quantity-too-large": (r) => `Only ${String(r["left"] ?? "fewer")} can be voided.`,
    "drawer-closed": (r) => `${name(r, "This drawer")} has been closed meanwhile. Use another drawer, or open one.`,
    "drawer-open": () => "A drawer of this name is open already.",
    "unknown-drawer": () => "This drawer is not known.",
    "tendered-too-little": () => "That is less than what is due.",
    "amount-over-due": () => "That is more than what is due.",
    "nothing-due": () => "Nothing is due on this bill.",
    "not-paid": () => "The bill is not paid yet.",
    "payment-exists": () => "This payment has been taken already.",
    "unknown-ticket": () => "This ticket is not known.",
    "ticket-held": () => "This course has not been fired yet.",
    "unknown-job": () => "This slip is not known.",
    "policies-missing": () => "The place has no tax settings yet.",
    "no-policies": () => "The place has no tax settings yet.",
    "staff-required": () => "Sign in first: this is done by a person.",
    "device-kind": () => "This device is paired for something else.",
    "device-required": () => "This needs a paired device.",
    "no-merchant": () => "This device belongs to no place.",
    "merchant-not-ready": () => "The place is not set up yet.",
    "foreign-id": () => "This belongs to somebody else.",
    "too-many-attempts": (r) => `Too many tries. Wait ${seconds(r["retryAfterMs"])}.`,
    "refresh-reused": () => "Your session was used elsewhere. Enter your PIN again.",
    "changed-meanwhile": (r) => `Somebody else has changed ${changedInWords(r["changed"])} meanwhile. Look at it again.`,
    "drawer-exists": () => "This drawer has been opened already.",
    "wrong-currency": () => "That is another currency.",
    "unknown-tax": () => "The tax of this product is not set up.",
    "modifier-minimum-over-maximum": () => "A choice asks for more than it allows.",
    "duplicate-key": () => "Two choices have the same name.",
    "unknown-category": () => "This category does not exist any more.",
    "unknown-ingredient": () => "This ingredient does not exist any more.",
    "unknown-station": () => "This station does not exist any more.",
    "unknown-staff": () => "This person does not work here any more.",
    "unknown-device": () => "This device is not known.",
    "unknown-merchant": () => "This place is not known.",
    "category-exists": exists,
    "device-exists": exists,
    "ingredient-exists": exists,
    "ingredient-twice": () => "An ingredient is named twice. Put its lines together.",
    "cost-too-large": () => "That costs too much for so little of it. Look at quantity and cost again.",
    "merchant-exists": exists,
    "organizer-exists": exists,
    "printer-exists": exists,
    "product-exists": exists,
    "staff-exists": exists,
    "grant-exceeds-own": () => "You can give away only what you may do yourself, and only here.",
    "station-exists": exists,
    "table-exists": exists,
    "approval-exists": exists,
    "approval-not-needed": () => "You may do this yourself: nobody has to agree.",
    "approval-required": () => "Somebody has to agree to this.",
    "approval-pending": () => "Nobody has agreed to this yet.",
    "approval-denied": (r) => `${text(r, "by", "A manager")} said no${typeof r["reason"] === "string" ? `: ${r["reason"]}` : ""}.`,
    "approval-decided": (r) => `This was answered already${typeof r["by"] === "string" ? ` by ${r["by"]}` : ""}.`,
    "approval-used": () => "What was agreed to has been done already. Ask again.",
    "approval-expired": () => "The agreement is too old. Ask again.",
    "approval-mismatch": () => "Something has changed since this was agreed to. Ask again.",
    "approval-of-another": (r) => `This was asked by ${text(r, "by", "somebody else")}.`,
    "approver-gone": (r) => `${text(r, "by", "Whoever agreed")} may not agree to this any more. Ask somebody else.`,
    "unknown-approval": () => "Nobody has asked for this.",
    "unknown-target": () => "This is not there any more.",
    "attempt-open": (r) => `A payment is under way${typeof r["by"] === "string" ? `, begun by ${r["by"]}` : ""}. Wait for it or cancel it.`,
    "attempt-unknown": () => "It is not known whether the guest was charged. Ask the terminal, or let a manager decide.",
    "unknown-part": () => "This part of the bill does not exist any more.",
    "unknown-provider": () => "This terminal is not connected any more.",
    "provider-exists": exists,
    "voucher-used": () => "This voucher has been used already.",
    "unknown-account": () => "This account is not known.",
    "account-closed": () => "This account is closed.",
    "account-blocked": () => "Nothing is charged to this account at present. Ask a manager.",
    "account-exists": exists,
    "account-not-settled": (r) => (isCredit(r["balance"]) ? "The account has too much. Pay that out first." : `${amountOf(r["balance"], "Something")} is still owed on this account.`),
    "amount-over-credit": (r) => `Only ${amountOf(r["credit"], "less")} can be paid out of this account.`,
    "over-limit": (r) => `Only ${amountOf(r["free"], "less")} is free on this account.`,
    "amount-over-balance": (r) => `Only ${amountOf(r["balance"], "less")} is owed on this account.`,
    "unknown-payment": () => "This payment is not known.",
    "not-open": () => "This payment is not under way any more.",
    "not-authorized": () => "No money is held on this card.",
    "request-open": () => "The terminal is still busy with this payment.",
    "amount-below-held": (r) => `${amountOf(r["held"], "More")} is held already.`,
    "over-authorized": (r) => `Only ${amountOf(r["held"], "less")} is held.`,
    "not-adjustable": () => "The tip of this payment cannot be changed any more.",
    "not-at-provider": () => "This payment was taken by hand: there is nobody to ask.",
    "nothing-to-ask": () => "The result of this payment is known.",
    "not-unknown": () => "The result of this payment is known already.",
    "not-captured": () => "No money was taken by this payment.",
    "payment-settled": () => "This payment was paid out already. Refund it instead.",
    "payment-refunded": () => "A part of this payment was refunded already.",
    "not-by-hand": () => "This payment came from a terminal. Void it there.",
    "same-method": () => "That is the payment it is already.",
    "nothing-to-refund": () => "There is nothing left to refund.",
    "over-refundable": (r) => `At most ${amountOf(r["refundable"], "less")} can be refunded.`,
    "item-refunded": (r) => `Only ${text(r, "left", "fewer")} of it can be refunded.`,
    "payouts-mismatch": (r) => `The parts must make ${amountOf(r["total"], "the whole refund")}.`,
    "too-many-payouts": (r) => `This would go back to more than ${String(r["most"] ?? 20)} payments at once. Refund a part of it first, by an amount.`,
    "over-captured": (r) => `At most ${amountOf(r["refundable"], "less")} can go back by this payment.`,
    "drawer-of-payment": (r) => `This cash went into ${String(r["name"] ?? "another drawer")}, which is open: take it out there.`,
    "drawer-required": () => "Cash needs an open drawer. Open one, or choose this tablet's, at Drawer.",
    "refund-exists": exists,
    "unknown-refund": () => "This refund is not known.",
    "unknown-payout": () => "This payment is none that the refund goes back to.",
    "payout-not-failed": () => "This payout did not fail.",
    "payout-not-unknown": () => "What became of this payout is known already.",
    "refund-paid": () => "A part of this refund was paid out already.",
    "refund-not-cancellable": () => "The bill may be paid otherwise by now. Give the money back another way.",
    "not-contradicted": () => "Nothing speaks against this payment any more.",
    "not-paid-twice": () => "This has been settled already.",
    "nothing-overpaid": () => "Nothing was paid too much.",
    "movement-exists": exists,
    "delivery-exists": () => "This delivery has come in already.",
    "too-many-movements": () => "This drawer has too many movements. Close it and open it again.",
    "not-enough-cash": () => "There is not that much cash in the drawer. Count it, pay money in, or take less.",
    "count-does-not-add-up": (r) => `The coins and notes make ${amountOf(r["sum"], "another sum")}.`,
    "unknown-report": () => "This report is not known.",
    "day-closed": (r) => `The day is closed already${typeof r["through"] === "string" ? `, up to ${r["through"]}` : ""}.`,
    "day-too-early": (r) => `This place has no day before ${typeof r["date"] === "string" ? r["date"] : "it was set up"}.`,
    "day-not-begun": () => "This day has not begun yet.",
    "document-exists": exists,
    "dates-reversed": () => "The first day is after the last.",
    "adjustment-exists": exists,
    "too-many-adjustments": (r) => `This bill has been made cheaper ${String(r["most"] ?? 50)} times already. Take one of these off first.`,
    "too-many-cuts": (r) => `A line has been made cheaper ${String(r["most"] ?? 20)} times already. Take one of these off first.`,
    "amount-over-value": () => "That is more than the voucher is worth.",
    "cannot-undo": (r) => `This cannot be undone: ${WHY_NOT[String(r["why"])] ?? "too much has happened since"}.`,
    "charge-mandatory": () => "This service charge cannot be taken off.",
    "check-exists": exists,
    "discount-over-amount": (r) => `At most ${amountOf(r["max"], "the whole amount")} can be taken off.`,
    "gift-card-is-whole": () => "A gift card cannot be divided.",
    "no-service-charge": () => "There is no service charge on this bill.",
    "operation-exists": exists,
    "line-twice": () => "A line was named twice. Try again.",
    "nothing-to-split": () => "There is nothing here to divide.",
    "part-twice": () => "A part was named twice. Try again.",
    "part-paid": () => "Somebody has paid this part already.",
    "rate-or-amount": () => "Name a percentage or an amount.",
    "same-check": () => "That is the same bill.",
    "too-few-checks": () => "There are more seats than parts. Try again.",
    "too-many-checks": () => "A bill cannot be divided into more parts.",
    "too-many-parts": () => "This item cannot be divided any finer.",
    "unknown-adjustment": () => "This was taken back already.",
    "unknown-attempt": () => "This payment is not known.",
    "unknown-document": () => "This file is not there any more.",
    "unknown-operation": () => "There is nothing left to undo here.",
    "unknown-share": () => "This line has moved meanwhile.",
    "combo-is-whole": () => "A menu stays together.",
    "foreign-check": () => "That bill belongs to another table. Merge the bills or move it.",
    "same-party": () => "That is the same party.",
    "covers-too-many": () => "That is too many covers for one party.",
    "tables-too-many": (r) => `One party sits at ${String(r["most"] ?? 20)} tables at most.`,
    "staff-disabled": () => "This person does not work here any more.",
    "same-order": () => "That is the same order.",
    "order-of-another-party": () => "That order belongs to another party. Join the parties first.",
    "party-has-order": () => "This party has an order already.",
    "webhook-bad-signature": () => "The provider's message was not signed rightly.",
    "webhook-id-reused": () => "The provider sent another message under the same number.",
    "webhook-stale": () => "The provider's message is too old.",
    "webhook-type-mismatch": () => "The provider's message contradicts itself.",
    "webhook-unreadable": () => "The provider's message cannot be read.",
    "webhook-unsigned": () => "The provider's message is not signed.",
    "hub-fault": (r) => `The hub has a fault at this and gave no answer${r["done"] === true ? ", but it is done. Do not tap it again, and tell support." : ": it may be done or not. Look whether it is there. If it is not, tap it again; if that does not help, call support."}`,
    unavailable: () => "The hub is busy. Try again.",
    "slow-down": () => "This device asks too fast. Try again in a moment.",
    "hub-away": () => "The hub cannot be reached.",
    "database-away": () => "The hub answers, but cannot reach its database (Postgres).",
  },
};

export function refusalInWords(refusal: Refusal, locale: Locale = "en"): string {
  const sentence = SENTENCES[locale][refusal.refused];
  return sentence ? sentence(refusal) : `Not possible (${refusal.refused.replaceAll("-", " ")}).`;
}

function name(refusal: Refusal, otherwise: string): string {
  return typeof refusal["name"] === "string" ? refusal["name"] : otherwise;
}

function text(refusal: Refusal, field: string, otherwise: string): string {
  return typeof refusal[field] === "string" ? refusal[field] : otherwise;
}

/** Plainly, by the currency's own digits: how the place writes money is not known here. */
export function amountOf(money: unknown, otherwise: string): string {
  return isMoney(money) ? formatMoney(money, { displayDigits: currencyExponent(money.currency), locale: "en" }) : otherwise;
}

const SETTING_WORDS: Readonly<Record<string, string>> = {
  taxes: "the taxes",
  serviceCharge: "the service charge",
  rounding: "the rounding",
  cashStep: "the smallest cash",
  tips: "the tips",
  taxOnSplit: "the tax of split bills",
  name: "the name",
  address: "the address",
  zone: "the time zone",
  cutOver: "when the day begins",
  locale: "the language",
  displayDigits: "the decimals",
  routes: "where the dishes go",
};

function changedInWords(changed: unknown): string {
  const words = Array.isArray(changed) ? changed.flatMap((key) => SETTING_WORDS[String(key)] ?? []) : [];
  const last = words.at(-1);
  if (last === undefined) return "this";
  return words.length === 1 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

function isCredit(money: unknown): boolean {
  return isMoney(money) && money.amount.startsWith("-");
}

function isMoney(money: unknown): money is Money {
  return typeof money === "object" && money !== null && "amount" in money && typeof money.amount === "string" && "currency" in money && typeof money.currency === "string";
}

function seconds(ms: unknown): string {
  return typeof ms === "number" ? `${Math.max(1, Math.ceil(ms / 1000))} s` : "a moment";
}

function fieldsOf(refusal: Refusal): string {
  const fields = refusal["fields"];
  if (!Array.isArray(fields)) return "";
  const said = fields.flatMap((field: unknown) => (isField(field) ? [`${field.path.split(".").at(-1) ?? ""} ${field.rule}`] : []));
  return said.length > 0 ? `: ${said.join(", ")}` : "";
}

function isField(field: unknown): field is { path: string; rule: string } {
  return typeof field === "object" && field !== null && "path" in field && typeof field.path === "string" && "rule" in field && typeof field.rule === "string";
}

export type Short = { readonly product: string; readonly name: string; readonly requested: string; readonly available: string; readonly items: readonly string[] };

/** The lines of `insufficient-stock`, as the hub names them. */
export function shortLines(refusal: Refusal): readonly Short[] {
  return Array.isArray(refusal["short"]) ? (refusal["short"] as readonly Short[]) : [];
}

export function leftInWords(available: string): string {
  return Number(available) <= 0 ? "sold out" : `${available} left`;
}

function shortOf(refusal: Refusal): string {
  return shortLines(refusal)
    .map((line) => `${line.name} (${leftInWords(line.available)})`)
    .join(", ");
}
