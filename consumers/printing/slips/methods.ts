/** How paper calls a way to pay; a card that was taken by hand is a card to the guest. */
const METHODS: Readonly<Record<string, string>> = {
  cash: "Cash",
  "card-manual": "Card",
  "card-terminal": "Card",
  qr: "QR",
  voucher: "Voucher",
  "gift-card": "Gift card",
  "house-account": "On account",
};
/** In a report, where the two are counted apart. */
export function reportedMethod(method: string): string {
  return method === "card-manual" ? "Card by hand" : methodName(method);
}

export function methodName(method: string): string {
  return METHODS[method] ?? method;
}
