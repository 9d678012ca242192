import { describe, expect, test } from "vitest";
import { reportSlip } from "#consumers/printing/slips/report-slip.ts";
import type { CashReport } from "#shared/events/cash.ts";
import { makeFile, MOST_ROWS, TooManyRows } from "./make-file.ts";
import type { Document, Row, Table } from "./model.ts";
import { runsOf } from "./render/fonts.ts";
import { pdfText } from "./testing/pdf-text.ts";
import { unzip } from "./testing/unzip.ts";

const TABLE: Table = {
  title: "Journal",
  lines: ["Trattoria, Via Roma 9", "Made for Sofia"],
  columns: [{ name: "Account", kind: "text", weight: 1 }, { name: "Name", kind: "text", weight: 3 }, { name: "Debit", kind: "money", weight: 1 }],
  currency: "EUR",
  digits: 2,
  locale: "en",
};
function document(rows: readonly Row[], pageOf = 100): Document {
  return {
    kind: "table",
    name: "journal",
    table: TABLE,
    total: rows.length,
    async *pages() {
      for (let at = 0; at < rows.length; at += pageOf) yield rows.slice(at, at + pageOf);
    },
  };
}
const rows = (count: number): Row[] => Array.from({ length: count }, (_, n) => ({ cells: ["1010", `Sale ${n}`, String(n * 100 + 5)] }));
const always = async () => true;
const made = async (doc: Document, format: "pdf" | "xlsx") => (await makeFile(doc, format, always)) ?? new Uint8Array();

describe("a table as PDF", () => {
  test("has its head on every page, every row, amounts as the place writes them", async () => {
    const text = pdfText(await made(document([...rows(120), { bold: true, cells: ["", "Sum", "-123456789"] }]), "pdf"));
    for (const part of ["Journal", "Trattoria, Via Roma 9", "Page 1", "Page 4", "Sale 0", "Sale 119", "119.05", "-1,234,567.89"]) expect(text.split("\n")).toContain(part);
    expect(text.split("\n").filter((word) => word === "Debit")).toHaveLength(4);
  });

  test("tells how far it is, and ends when nobody wants it any more", async () => {
    const seen: number[] = [];
    const given = await makeFile(document(rows(50), 10), "pdf", async (done) => {
      seen.push(done);
      return done < 30;
    });
    expect([given, seen]).toEqual([undefined, [10, 20, 30]]);
  });

  test("refuses what nobody would open", async () => {
    await expect(makeFile({ ...document([]), total: MOST_ROWS + 1 } as Document, "pdf", always)).rejects.toThrow(TooManyRows);
  });
});

test("a table as XLSX: amounts are numbers, exact to the last digit", async () => {
  const bytes = await made(document([{ cells: ["1010", "Phở <&> \"x\"", "90071992547409"] }, { cells: ["1020", null, "-5"] }]), "xlsx");
  const files = unzip(bytes);
  const sheet = files.get("xl/worksheets/sheet1.xml");
  const all = [...files.values()].join("");
  expect(sheet).toContain("<v>900719925474.09</v>");
  expect(sheet).toContain("<v>-0.05</v>");
  expect(all).toContain("Phở &lt;&amp;&gt;");
});

describe("a slip", () => {
  const slip: Document = {
    kind: "slip",
    name: "receipt",
    slip: {
      lines: [
        { kind: "text", text: " COPY 1 ", size: "large", invert: true, align: "center" },
        { kind: "columns", cells: [{ text: "1x", width: 4 }, { text: "Latte" }, { text: "4.50", width: 11, align: "right" }] },
        { kind: "rule" },
        { kind: "text", text: "a very long line that will not fit on paper of eighty millimetres and so goes on below" },
        { kind: "drawer", pin: 2 },
        { kind: "cut" },
      ],
    },
  };

  test("as PDF is one page with the same words, long lines broken between words", async () => {
    const bytes = await made(slip, "pdf");
    const text = pdfText(bytes);
    for (const part of ["COPY 1", "Latte", "4.50"]) expect(text).toContain(part);
    expect(text.replaceAll("\n", " ")).toContain("goes on below");
    expect(Buffer.from(bytes).toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(1);
  });

  test("as XLSX has the same cells", async () => {
    const all = [...unzip(await made(slip, "xlsx")).values()].join("");
    expect(all).toContain("Latte");
    expect(all).toContain("4.50");
  });
});

test("the amounts of a report are numbers in its spreadsheet, with the decimals that its place shows", async () => {
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const none = { count: 0, amount: eur("0") };
  const by = { staff: "stf_1", name: "Ana" };
  const z: CashReport = {
    scope: "drawer", kind: "z", number: 7, merchant: { name: "Nove", address: [] }, currency: "EUR", displayDigits: 2, businessDate: "2026-11-20", at: "2026-11-20T22:00:00.000Z", by, drawer: "drw_1", name: "Till 1", openedAt: "2026-11-20T09:00:00.000Z", openedBy: by,
    float: eur("1234550"), taken: none, tips: eur("0"), returned: none, paidIn: none, paidOut: none, tipsPaid: none, accountsPaidOut: none, dropped: none, expected: eur("1234550"), count: { counted: eur("1234500"), difference: eur("-50"), denominations: [], note: null }, movements: [],
  };
  const cells = async (report: CashReport) => [...unzip(await made({ kind: "slip", name: "z", slip: reportSlip(report, 0, { zone: "Europe/Rome", locale: "en" }) }, "xlsx")).values()].join("");
  for (const value of ["<v>12345.5</v>", "<v>12345</v>", "<v>-0.5</v>", "#,##0.00"]) expect(await cells(z)).toContain(value);
  const rupiah = await cells({ ...z, currency: "IDR", displayDigits: 0, float: { amount: "4169500", currency: "IDR" } });
  expect(rupiah).toContain("<v>41695</v>");
});

test("letters that PDF's own fonts lack are cut out, and what no font has is no failure", async () => {
  const runs = await runsOf("Phở bò \u{10FFFD}");
  expect(runs.map(({ text }) => text).join("")).toMatch(/^Ph.+ b.+ \?$/);
  expect((await made({ kind: "slip", name: "x", slip: { lines: [{ kind: "text", text: "Phở 粉 ก" }] } }, "pdf")).byteLength).toBeGreaterThan(500);
});
