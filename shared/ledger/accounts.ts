/** The chart of accounts that every merchant begins with. Debit-normal kinds are assets and expenses. */
export const ACCOUNTS = [
  { account: "1010", name: "Cash drawer", kind: "asset" },
  { account: "1020", name: "Bank and safe", kind: "asset" },
  { account: "1050", name: "Card clearing", kind: "asset" },
  { account: "1055", name: "QR clearing", kind: "asset" },
  { account: "1060", name: "Vouchers to collect", kind: "asset" },
  { account: "1100", name: "Guest receivable", kind: "asset" },
  { account: "1150", name: "House accounts", kind: "asset" },
  { account: "1200", name: "Input tax", kind: "asset" },
  { account: "1300", name: "Inventory", kind: "asset" },
  { account: "2010", name: "Accounts payable", kind: "liability" },
  { account: "2020", name: "Customer prepayments", kind: "liability" },
  { account: "2100", name: "Tax payable", kind: "liability" },
  { account: "2200", name: "Tips payable", kind: "liability" },
  { account: "2300", name: "Gift cards", kind: "liability" },
  { account: "2310", name: "Loyalty points", kind: "liability" },
  { account: "2350", name: "Refunds payable", kind: "liability" },
  { account: "3000", name: "Opening stock", kind: "equity" },
  { account: "4000", name: "Sales", kind: "income" },
  { account: "4050", name: "Service charge", kind: "income" },
  { account: "4090", name: "Breakage", kind: "income" },
  { account: "4100", name: "Discounts", kind: "income" },
  { account: "4110", name: "Comps", kind: "income" },
  { account: "4120", name: "Loyalty", kind: "income" },
  { account: "4190", name: "Returns", kind: "income" },
  { account: "5000", name: "Cost of goods", kind: "expense" },
  { account: "5050", name: "Waste", kind: "expense" },
  { account: "5060", name: "Stock differences", kind: "expense" },
  { account: "6100", name: "Payment fees", kind: "expense" },
  { account: "6200", name: "Cash over and short", kind: "expense" },
  { account: "6210", name: "Cash rounding", kind: "expense" },
  { account: "6900", name: "Operating expenses", kind: "expense" },
] as const;

/** Subject of 2200: tips that the staff divide among themselves. */
export const POOL = "pool";

export type AccountCode = (typeof ACCOUNTS)[number]["account"];

const codes: ReadonlySet<string> = new Set(ACCOUNTS.map(({ account }) => account));

export function isAccount(account: string): account is AccountCode {
  return codes.has(account);
}
