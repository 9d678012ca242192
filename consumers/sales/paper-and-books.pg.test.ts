import fc from "fast-check";
import { ulid } from "ulidx";
import { afterAll, beforeAll, expect, it } from "vitest";
import { POLICIES, Story, TROUBLED, type Move } from "#consumers/ledger/testing-story.ts";
import { booksOf } from "#consumers/ledger/testing.ts";
import { handleOnce, recorded, testId } from "#consumers/testing.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import type { World } from "#shared/domain/testing/given.ts";
import type { DayReport } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import { salesConsumer } from "./consumer.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** The X of all that was written so far, of a place of its own. */
async function paperOf({ written }: World): Promise<DayReport> {
  const merchant = `mer_${ulid()}`;
  const events = written.filter(({ event }) => salesConsumer.types.includes(event.type)).map(({ stream, event }) => recorded(event.type, stream, event.data, merchant));
  const day = "2026-11-20";
  const asked = recorded("cash.report.requested", testId("rpt"), { kind: "x", number: 1, from: day, to: day, merchant: { name: "Place", address: [] }, currency: "EUR", displayDigits: 2, by: { staff: "stf_01JD0000000000000000000001", name: "Sofia" } }, merchant);
  // Nobody has written the request into this database.
  const [made] = await handleOnce(salesConsumer, db.consumerUrl, [...events, { ...asked, envelope: { ...asked.envelope, streamversion: 0 } }]);
  return (made?.data as { report: DayReport } | undefined)?.report ?? expect.unreachable();
}

const minor = (money: Money | undefined) => BigInt(money?.amount ?? "0");
const sum = <Row,>(rows: readonly Row[], of: (row: Row) => Money | undefined) => rows.reduce((all, row) => all + minor(of(row)), 0n);
const CARDS = ["card-manual", "card-terminal"];

/** What the rows of the paper say of each account; debit is positive. */
function saidOf({ sales, returns, tenders, refunds, accounts, ...report }: DayReport): Readonly<Record<string, bigint>> {
  const taken = (...methods: string[]) =>
    tenders.filter(({ method }) => methods.includes(method)).reduce((all, row) => all + minor(row.amount) + minor(row.rounding) + minor(row.tips) + minor(row.overpaid) + minor(row.forfeited), 0n);
  const back = (...methods: string[]) => sum(refunds.filter(({ method }) => methods.includes(method)), ({ amount }) => amount);
  const ofAccounts = (method: string) => accounts.filter((row) => row.method === method).reduce((all, { paid, paidOut }) => all + minor(paid.amount) - minor(paidOut.amount), 0n);
  const coins = sum(accounts, ({ rounding }) => rounding);
  return {
    "4000": -minor(sales.net) - minor(sales.discounts) - minor(sales.comps),
    "4100": minor(sales.discounts),
    "4110": minor(sales.comps),
    "4050": -minor(sales.serviceCharge),
    "2100": minor(returns.tax) - minor(sales.tax),
    "4190": minor(returns.net),
    "2200": minor(returns.tips) - sum(tenders, ({ tips }) => tips),
    "6210": minor(returns.rounding) + sum(refunds, ({ rounding }) => rounding) - minor(sales.rounding) - sum(tenders, ({ rounding }) => rounding) - coins,
    "4090": -sum(tenders, ({ forfeited }) => forfeited),
    "1010": taken("cash") - back("cash") + ofAccounts("cash"),
    "1050": taken(...CARDS) - back(...CARDS) + ofAccounts("card-manual"),
    "1060": taken("voucher") - back("voucher"),
    "1150": taken("house-account") - back("house-account") - ofAccounts("cash") - ofAccounts("card-manual") + coins,
    "2350": minor(returns.overpaid) - minor(returns.pending) - sum(tenders, ({ overpaid }) => overpaid),
    "1100 and 2020": -minor(report.prepaid),
    "6200": minor(report.lost) + minor(returns.givenUp),
  };
}

/** The same accounts in the books; what moves between drawer, safe and staff is on the drawers' papers. */
function bookedOf(w: World): Readonly<Record<string, bigint>> {
  const books = booksOf(w, (type) => type.startsWith("cash."));
  const of = (account: string) => books.get(account) ?? 0n;
  const accounts = ["4000", "4100", "4110", "4050", "2100", "4190", "2200", "6210", "4090", "1010", "1050", "1060", "1150", "2350"];
  return { ...Object.fromEntries(accounts.map((account) => [account, of(account)])), "1100 and 2020": of("1100") + of("2020"), "6200": of("6200") };
}

function addsUp({ sales, returns, tenders, refunds, taxes, ...report }: DayReport): void {
  expect(minor(sales.total)).toBe(minor(sales.net) + minor(sales.serviceCharge) + minor(sales.tax) + minor(sales.storedValue) + minor(sales.rounding));
  expect([sum(taxes, ({ tax }) => tax), sum(returns.taxes, ({ tax }) => tax)]).toEqual([minor(sales.tax), minor(returns.tax)]);
  const beside = (["rounding", "tips", "overpaid", "forfeited"] as const).reduce((all, of) => all + sum(tenders, (row) => row[of]), 0n);
  expect(minor(report.taken)).toBe(minor(sales.total) + beside + minor(report.prepaid) + minor(returns.prepaid) - minor(report.lost));
  const parts = (["net", "tax", "storedValue", "tips", "rounding", "overpaid", "prepaid", "givenUp"] as const).reduce((all, of) => all + minor(returns[of]), 0n);
  expect(minor(report.refunded)).toBe(parts + sum(refunds, ({ rounding }) => rounding) - minor(returns.pending));
  expect(minor(report.refunded)).toBe(sum(refunds, ({ amount }) => amount));
}

const move: fc.Arbitrary<Move> = fc.record({ what: fc.constantFrom(...TROUBLED), a: fc.nat(50), b: fc.nat(50), c: fc.nat(600) });

it("CSH-12: after an evening of everything every row of the day's paper is what the books have, and the paper adds up (property)", async () => {
  const seen = new Map<string, number>();
  const note = (what: string, amount: bigint) => void (amount !== 0n && seen.set(what, (seen.get(what) ?? 0) + 1));
  await fc.assert(
    fc.asyncProperty(fc.nat(POLICIES.length - 1), fc.array(move, { minLength: 10, maxLength: 40 }), fc.nat(2), async (policies, moves, end) => {
      const story = new Story(policies);
      for (const one of moves) story.play(one);
      if (end > 0) story.settle();
      if (end > 1) story.giveBack();
      const paper = await paperOf(story.w);
      expect(saidOf(paper)).toEqual(bookedOf(story.w));
      addsUp(paper);
      for (const [account, amount] of Object.entries(saidOf(paper))) note(account, amount);
      for (const of of ["tips", "rounding", "overpaid", "prepaid", "pending", "givenUp"] as const) note(`returned ${of}`, minor(paper.returns[of]));
      for (const of of ["overpaid", "forfeited"] as const) note(of, sum(paper.tenders, (row) => row[of]));
      note("receipts' rounding", minor(paper.sales.rounding));
      note("refunds' coins", sum(paper.refunds, ({ rounding }) => rounding));
      note("lost", minor(paper.lost));
    }),
    // The same evenings in every run, so that what they had is no luck.
    { numRuns: 150, seed: 2026 },
  );
  // The evenings had what they were made for.
  const wanted = ["4100", "4110", "4190", "2200", "6210", "4090", "1060", "1150", "2350", "6200", "returned tips", "returned overpaid", "returned prepaid", "returned pending", "overpaid", "forfeited", "receipts' rounding", "refunds' coins", "lost"];
  expect(wanted.filter((what) => (seen.get(what) ?? 0) === 0)).toEqual([]);
}, 180_000);
