import { expect, test } from "vitest";
import type { Slip } from "../escpos/slip.ts";
import { accountSlip, type AccountMoved } from "./account-slip.ts";
import { cashSlip, type MovementEvent } from "./cash-slip.ts";

const WARUNG = { name: "Warung Senja", address: ["Jl. Senja 1"], zone: "Asia/Jakarta", locale: "id", displayDigits: 0 };
const by = { staff: "stf_1", name: "Ayu" };
const idr = (rupiah: number) => ({ amount: String(rupiah * 100), currency: "IDR" });
const occurredat = "2026-11-20T12:00:00.000Z";

function texts({ lines }: Slip): string[] {
  return lines.flatMap((line) => (line.kind === "text" ? [line.text] : line.kind === "columns" ? [line.cells.map((cell) => cell.text).join("|")] : []));
}

const MOVEMENTS = [
  ["cash.drawer.paidIn", { from: "safe", reason: "Change" }],
  ["cash.drawer.paidOut", { for: "expense", reason: "Ice", approval: null }],
  ["cash.drawer.tipsPaid", { to: by }],
  ["cash.drawer.dropped", { reason: "Safe", bag: "17" }],
] as const;
test.each(MOVEMENTS)("%s: a place that shows no decimals prints none", (type, more) => {
  const slip = cashSlip({ type, occurredat, data: { movement: "mov_1", amount: idr(2_000), by, ...more } } as unknown as MovementEvent, WARUNG);
  expect(texts(slip)[1]).toBe("2.000 IDR");
});

test.each(["payment.house-account.paid", "payment.house-account.paidOut"])("%s: a place that shows no decimals prints none", (type) => {
  const data = { name: "Hotel", payment: "pay_1", method: "cash", drawer: "drw_1", amount: idr(19_785), rounding: idr(15), left: idr(1_000_000), slip: null, by, approvedBy: by };
  const lines = texts(accountSlip({ type, occurredat, data } as unknown as AccountMoved, WARUNG));
  expect(lines.filter((line) => line.includes("IDR"))).toEqual(["Cash|19.785 IDR", "Rounding|15 IDR", expect.stringMatching(/\|1\.000\.000 IDR$/)]);
});
