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
  readonly subtotal: MoneyText;
  readonly serviceCharge: MoneyText | null;
  readonly taxes: readonly { readonly name: string; readonly percent: string; readonly amount: MoneyText }[];
  readonly total: MoneyText;
  readonly due: MoneyText | null;
  readonly payments: readonly {
    readonly method: string;
    readonly amount: MoneyText;
    readonly tip: MoneyText | null;
    readonly tendered: MoneyText | null;
    readonly change: MoneyText | null;
    readonly rounding: MoneyText | null;
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
    row("Net", model.subtotal),
    ...(model.serviceCharge ? [row("Service charge", model.serviceCharge)] : []),
    // Many places name a tax with its rate.
    ...model.taxes.map((tax) => row(tax.name.includes("%") ? tax.name : `${tax.name} ${tax.percent}%`, tax.amount)),
    {
      kind: "columns",
      size: "large",
      bold: true,
      cells: [{ text: `TOTAL ${model.currency}` }, { text: model.total, width: Math.max(model.total.length, 8), align: "right" }],
    },
    ...model.payments.flatMap((payment): SlipLine[] => [
      row(payment.method, payment.amount),
      ...(payment.rounding ? [row("  Rounding", payment.rounding)] : []),
      ...(payment.tip ? [row("  Tip", payment.tip)] : []),
      ...(payment.tendered ? [row("  Given", payment.tendered)] : []),
      ...(payment.change ? [row("  Change", payment.change)] : []),
    ]),
    ...(model.due ? [{ ...row("To pay", model.due), bold: true }] : []),
    { kind: "feed", lines: 1 },
    { kind: "text", text: "Thank you", align: "center" },
    { kind: "feed", lines: 2 },
    { kind: "cut" },
  ];
  return { lines };
}

/** Opens the drawer and prints nothing. */
export const DRAWER_SLIP: Slip = { lines: [{ kind: "drawer", pin: 2 }] };

function row(label: string, amount: string): SlipLine & { kind: "columns" } {
  return { kind: "columns", cells: [{ text: label }, { text: amount, width: AMOUNT_WIDTH, align: "right" }] };
}
