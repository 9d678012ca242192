import type { Slip, SlipLine } from "../escpos/slip.ts";
import type { MoneyText } from "./money-text.ts";

export type ReceiptModel = {
  /** A bill asks for money, a receipt says that it was given. */
  readonly kind: "bill" | "receipt";
  readonly merchant: { readonly name: string; readonly address: readonly string[] };
  readonly number: string;
  readonly label: string;
  readonly server: string;
  /** Local date and time. */
  readonly openedAt: string;
  readonly printedAt: string;
  readonly currency: string;
  readonly lines: readonly { readonly quantity: string; readonly name: string; readonly modifiers: readonly string[]; readonly amount: MoneyText }[];
  /** Of the lines, as the menu shows them. */
  readonly subtotal: MoneyText | null;
  /** Already with their sign. */
  readonly adjustments: readonly { readonly name: string; readonly amount: MoneyText }[];
  readonly net: MoneyText;
  readonly serviceCharge: { readonly percent: string | null; readonly amount: MoneyText } | null;
  readonly taxes: readonly { readonly name: string; readonly percent: string; readonly inclusive: boolean; readonly base: MoneyText; readonly amount: MoneyText }[];
  readonly storedValue: MoneyText | null;
  readonly rounding: MoneyText | null;
  readonly total: MoneyText;
  readonly due: MoneyText | null;
  /** Of a check that is paid in parts: what each is of the whole. */
  readonly parts: readonly { readonly name: string; readonly amount: MoneyText; readonly paid: boolean }[];
  readonly payments: readonly {
    readonly method: string;
    readonly amount: MoneyText;
    readonly tip: MoneyText | null;
    readonly tendered: MoneyText | null;
    readonly change: MoneyText | null;
    readonly rounding: MoneyText | null;
    /** The guest signs for what is owed from now on. */
    readonly signed: boolean;
  }[];
  /** 0 for the first print, then counts the copies. */
  readonly copy: number;
};

const AMOUNT_WIDTH = 14;

export function receiptSlip(model: ReceiptModel): Slip {
  const lines: SlipLine[] = [
    ...(model.copy > 0 ? [{ kind: "text", text: ` COPY ${model.copy} `, size: "large", invert: true, align: "center" } as const] : []),
    { kind: "text", text: model.merchant.name, size: "large", bold: true, align: "center" },
    ...model.merchant.address.map((text): SlipLine => ({ kind: "text", text, align: "center" })),
    { kind: "feed", lines: 1 },
    { kind: "text", text: model.kind === "bill" ? `Bill ${model.number} - not a receipt` : `Receipt ${model.number}`, bold: true },
    row(`${model.label}, ${model.server}`, ""),
    { kind: "text", text: `Opened ${model.openedAt}` },
    { kind: "text", text: `Printed ${model.printedAt}` },
    { kind: "rule" },
    ...model.lines.flatMap((line): SlipLine[] => [
      { kind: "columns", cells: [{ text: `${line.quantity}x`, width: Math.max(line.quantity.length + 1, 4) }, { text: line.name }, { text: line.amount, width: 11, align: "right" }] },
      ...line.modifiers.map((text): SlipLine => ({ kind: "text", text, indent: 5 })),
    ]),
    { kind: "rule" },
    ...(model.subtotal === null ? [] : [row("Subtotal", model.subtotal)]),
    ...model.adjustments.map(({ name, amount }) => row(name, amount)),
    row("Net", model.net),
    ...(model.serviceCharge ? [row(`Service charge${model.serviceCharge.percent === null ? "" : ` ${model.serviceCharge.percent}%`}${model.taxes.some(({ inclusive }) => inclusive) ? ", net" : ""}`, model.serviceCharge.amount)] : []),
    ...taxTable(model.taxes),
    ...(model.storedValue ? [row("Gift card", model.storedValue)] : []),
    ...(model.rounding ? [row("Rounding", model.rounding)] : []),
    {
      kind: "columns",
      size: "large",
      bold: true,
      cells: [{ text: `TOTAL ${model.currency}` }, { text: model.total, width: Math.max(model.total.length, 8), align: "right" }],
    },
    ...model.parts.map(({ name, amount, paid }) => row(`  ${name}${paid ? ", paid" : ""}`, amount)),
    ...(model.parts.length > 0 ? [{ kind: "rule" } as const] : []),
    ...model.payments.flatMap((payment): SlipLine[] => [
      row(payment.method, payment.amount),
      ...(payment.rounding ? [row("  Rounding", payment.rounding)] : []),
      ...(payment.tip ? [row("  Tip", payment.tip)] : []),
      ...(payment.tendered ? [row("  Given", payment.tendered)] : []),
      ...(payment.change ? [row("  Change", payment.change)] : []),
    ]),
    ...(model.due ? [{ ...row("To pay", model.due), bold: true }] : []),
    ...model.payments.flatMap(({ signed, method }): SlipLine[] => (signed ? [{ kind: "feed", lines: 3 }, { kind: "rule" }, { kind: "text", text: `Signature, ${method}` }] : [])),
    { kind: "feed", lines: 1 },
    { kind: "text", text: "Thank you", align: "center" },
    { kind: "feed", lines: 2 },
    { kind: "cut" },
  ];
  return { lines };
}

/** By rate: what it is on, and the tax. Many places name a tax with its rate. */
export function taxTable(taxes: ReceiptModel["taxes"]): SlipLine[] {
  if (taxes.length === 0) return [];
  const line = (name: string, base: string, amount: string): SlipLine => ({ kind: "columns", cells: [{ text: name }, { text: base, width: 12, align: "right" }, { text: amount, width: 11, align: "right" }] });
  return [
    line("Rate", "Of", "Tax"),
    ...taxes.map(({ name, percent, inclusive, base, amount }) => line(`${name.includes("%") ? name : `${name} ${percent}%`}${inclusive ? " incl." : ""}`, base, amount)),
  ];
}

/** Opens the drawer and prints nothing. */
export const DRAWER_SLIP: Slip = { lines: [{ kind: "drawer", pin: 2 }] };

function row(label: string, amount: string): SlipLine & { kind: "columns" } {
  return { kind: "columns", cells: [{ text: label }, { text: amount, width: AMOUNT_WIDTH, align: "right" }] };
}
