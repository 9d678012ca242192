import type { PaymentMethod } from "#shared/events/sale-check.ts";

export const METHOD_WORDS: Readonly<Record<PaymentMethod, string>> = {
  cash: "Cash",
  "card-manual": "Card by hand",
  "card-terminal": "Card",
  qr: "QR",
  voucher: "Voucher",
  "gift-card": "Gift card",
  "house-account": "On account",
};
