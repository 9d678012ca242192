import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CashReport } from "#shared/events/cash.ts";
import { businessDateOf, openBusinessDate } from "../business-date.ts";
import { id, WAITER, type World } from "../testing/given.ts";
import { eur, MERCHANT, place } from "../testing/place.ts";

const DRAWER = id("drawer", 1);
const MANAGER = { ...WAITER, staff: id("staff", 7), name: "Sofia", capabilities: [...WAITER.capabilities, "approve.cash", "manage.view"] } as const;

function opened(float = 10_000): World {
  const w = place();
  w.does("drawer.open", { drawer: DRAWER, name: "Till 1", float: eur(float) });
  return w;
}

let made = 0;
const movement = () => id("movement", ++made);

function reportOf(w: World, report: string): CashReport {
  const stored = w.get("cash-report", report)?.report;
  if (!stored) throw new Error(`${report} has not been made`);
  return stored;
}

describe("what moves cash beside sales (DOM-16)", () => {
  test("pay in and pay out, tips and drops, each with its reason, change what is expected", () => {
    const w = opened();
    w.happened("staff", id("staff", 3), [{ type: "identity.staff.created", data: { name: "Luca", color: "#112233", work: [] } }]);
    expect(w.does("drawer.payIn", { drawer: DRAWER, movement: movement(), amount: eur(5000), from: "safe", reason: "Change for the evening" }).result).toEqual({});
    expect(w.does("drawer.payOut", { drawer: DRAWER, movement: movement(), amount: eur(1250), for: "expense", reason: "Ice" }, MANAGER).result).toEqual({ expected: eur(13_750) });
    expect(w.does("drawer.payTips", { drawer: DRAWER, movement: movement(), amount: eur(750), to: id("staff", 3) }, MANAGER).result).toEqual({ expected: eur(13_000) });
    expect(w.does("drawer.drop", { drawer: DRAWER, movement: movement(), amount: eur(8000), reason: "Too much in it", bag: "B-17" }).result).toEqual({});
    expect(w.get("drawer", DRAWER)?.movements.map(({ kind, reason }) => [kind, reason])).toEqual([
      ["pay-in", "Change for the evening"],
      ["pay-out", "Ice"],
      ["tips-paid", "Luca"],
      ["drop", "Too much in it"],
    ]);
  });

  test("a pay out asks for an approval of exactly this amount and reason, which is used up with it (DOM-20)", () => {
    const w = opened();
    const wanted = { drawer: DRAWER, movement: movement(), amount: eur(1250), for: "expense", reason: "Ice" } as const;
    expect(w.refuses("drawer.payOut", wanted)).toMatchObject({ refused: "approval-required", action: "pay-out", capability: "approve.cash" });
    const approval = id("approval", 1);
    w.does("approval.request", { approval, action: "pay-out", subject: { target: DRAWER, purpose: "expense", amount: eur(1250), reason: "Ice" } });
    expect(w.refuses("drawer.payOut", { ...wanted, approval })).toMatchObject({ refused: "approval-pending" });
    w.does("approval.grant", { approval }, MANAGER);
    // Far more than is there: whoever counts blind is not told so before somebody has agreed.
    expect(w.refuses("drawer.payOut", { ...wanted, amount: eur(1_000_000) })).toMatchObject({ refused: "approval-required" });
    for (const other of [{ amount: eur(1350) }, { reason: "Taxi" }, { for: "supplier" as const }]) expect(w.refuses("drawer.payOut", { ...wanted, ...other, approval })).toMatchObject({ refused: "approval-mismatch" });
    expect(w.does("drawer.payOut", { ...wanted, approval }).events).toContainEqual(expect.objectContaining({ type: "cash.drawer.paidOut", data: expect.objectContaining({ approval }) }));
    expect(w.refuses("drawer.payOut", { ...wanted, movement: movement(), approval })).toMatchObject({ refused: "approval-used" });
  });

  test("tips that nobody owed were paid out of the drawer on the word of one: it takes approve.cash, or an approval of this amount to this person", () => {
    const w = opened();
    for (const n of [3, 4]) w.happened("staff", id("staff", n), [{ type: "identity.staff.created", data: { name: `Luca ${n}`, color: "#112233", work: [] } }]);
    const wanted = { drawer: DRAWER, movement: movement(), amount: eur(5000), to: id("staff", 3) } as const;
    expect(w.refuses("drawer.payTips", wanted)).toMatchObject({ refused: "approval-required", action: "pay-out", capability: "approve.cash" });
    const approval = id("approval", 2);
    w.does("approval.request", { approval, action: "pay-out", subject: { target: DRAWER, purpose: "tips", person: { staff: wanted.to, name: "Luca 3" }, amount: wanted.amount } });
    w.does("approval.grant", { approval }, MANAGER);
    for (const other of [{ amount: eur(5001) }, { to: id("staff", 4) }, { pool: true as const }]) expect(w.refuses("drawer.payTips", { ...wanted, ...other, approval })).toMatchObject({ refused: "approval-mismatch" });
    w.does("drawer.payTips", { ...wanted, approval });
    expect(w.refuses("drawer.payTips", { ...wanted, movement: movement(), approval })).toMatchObject({ refused: "approval-used" });
  });

  test("refuses not-enough-cash, movement-exists, wrong-currency, unknown-drawer, unknown-staff, drawer-closed, staff-required", () => {
    const w = opened(1000);
    const drop = { drawer: DRAWER, movement: id("movement", 90), amount: eur(400), reason: "x" };
    expect(w.refuses("drawer.drop", { ...drop, amount: eur(1001) }, MANAGER)).toEqual({ refused: "not-enough-cash", expected: eur(1000) });
    expect(w.refuses("drawer.drop", { ...drop, amount: { amount: "1", currency: "USD" } })).toEqual({ refused: "wrong-currency", currency: "EUR" });
    expect(w.refuses("drawer.drop", { ...drop, drawer: id("drawer", 9) })).toMatchObject({ refused: "unknown-drawer" });
    expect(w.refuses("drawer.drop", drop, { ...WAITER, staff: null })).toEqual({ refused: "staff-required" });
    w.does("drawer.drop", drop);
    expect(w.refuses("drawer.drop", drop)).toMatchObject({ refused: "movement-exists" });
    expect(w.refuses("drawer.payTips", { drawer: DRAWER, movement: movement(), amount: eur(1), to: id("staff", 77) })).toMatchObject({ refused: "unknown-staff" });
    w.does("drawer.close", { drawer: DRAWER, counted: eur(600) });
    expect(w.refuses("drawer.payIn", { drawer: DRAWER, movement: movement(), amount: eur(1), from: "safe", reason: "x" })).toMatchObject({ refused: "drawer-closed" });
  });
});

test("CSH-4: whoever counted blind found out what was in the drawer by dropping less and less until it was not refused: what they say is taken, and the count tells", () => {
  const w = opened(1000);
  const drop = { drawer: DRAWER, movement: movement(), amount: eur(1001), reason: "x" };
  expect(w.refuses("drawer.drop", drop, MANAGER)).toEqual({ refused: "not-enough-cash", expected: eur(1000) });
  expect(w.does("drawer.drop", drop).result).toEqual({});
  expect(w.does("drawer.close", { drawer: DRAWER, counted: eur(0) }).result).toMatchObject({ expected: eur(-1), difference: eur(1) });
});

test("a movement is made once, in whichever drawer, and by whichever of two devices", () => {
  const w = opened(1000);
  const other = id("drawer", 2);
  w.does("drawer.open", { drawer: other, name: "Till 2", float: eur(1000) });
  const drop = { drawer: DRAWER, movement: id("movement", 91), amount: eur(400), reason: "x" };
  const [first, second] = [w.prepare("drawer.drop", drop), w.prepare("drawer.payOut", { ...drop, drawer: other, for: "expense" }, MANAGER)];
  expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
  expect(w.refuses("drawer.payOut", { ...drop, drawer: other, for: "expense" }, MANAGER)).toEqual({ refused: "movement-exists", movement: drop.movement });
  expect([DRAWER, other].map((drawer) => w.get("drawer", drawer)?.expected)).toEqual([eur(600), eur(1000)]);
});

describe("X and Z of a drawer", () => {
  test("an X changes nothing and is numbered by itself; the Z has what was counted", () => {
    const w = opened();
    const first = w.does("drawer.report", { drawer: DRAWER }).result;
    expect(reportOf(w, first.report)).toMatchObject({ scope: "drawer", kind: "x", number: 1, expected: eur(10_000), count: null, by: { name: "Mai" } });
    w.does("drawer.drop", { drawer: DRAWER, movement: movement(), amount: eur(2000), reason: "Safe" });
    expect(w.does("drawer.report", { drawer: DRAWER }).result.number).toBe(2);
    expect(reportOf(w, first.report)).toMatchObject({ expected: eur(10_000), movements: [] });
    const closed = w.does("drawer.close", { drawer: DRAWER, counted: eur(7950), denominations: [{ value: "5000", pieces: 1 }, { value: "50", pieces: 59 }], note: "Coins stuck" }).result;
    expect(closed).toMatchObject({ expected: eur(8000), difference: eur(-50), number: 1 });
    expect(reportOf(w, closed.report)).toMatchObject({ kind: "z", number: 1, dropped: { count: 1, amount: eur(2000) }, count: { counted: eur(7950), difference: eur(-50), note: "Coins stuck" } });
    expect(w.refuses("drawer.report", { drawer: DRAWER })).toMatchObject({ refused: "drawer-closed" });
  });

  test("refuses a count whose coins and notes make another sum", () => {
    const w = opened(100);
    expect(w.refuses("drawer.close", { drawer: DRAWER, counted: eur(100), denominations: [{ value: "50", pieces: 1 }] })).toEqual({ refused: "count-does-not-add-up", sum: eur(50) });
  });

  test("failure 19: expected cash never comes from the previous close: 60, not 110", () => {
    const w = opened(5000);
    w.does("drawer.close", { drawer: DRAWER, counted: eur(5000) });
    const second = id("drawer", 2);
    w.does("drawer.open", { drawer: second, name: "Till 1", float: eur(5000) });
    w.does("drawer.payIn", { drawer: second, movement: movement(), amount: eur(1000), from: "safe", reason: "Change" });
    expect(w.does("drawer.close", { drawer: second, counted: eur(6000) }).result).toMatchObject({ expected: eur(6000), difference: eur(0), number: 2 });
  });

  test("a print of a stored report is a copy, and the report stays as it was", () => {
    const w = opened();
    const { report } = w.does("drawer.report", { drawer: DRAWER }).result;
    const before = reportOf(w, report);
    expect(w.does("cash.printReport", { report }).result).toEqual({ copy: 1 });
    expect(w.does("cash.printReport", { report }).result).toEqual({ copy: 2 });
    expect(reportOf(w, report)).toEqual(before);
    expect(w.refuses("cash.printReport", { report: id("report", 1) })).toMatchObject({ refused: "unknown-report" });
  });

  test("two people who close at once: one Z, one number (property: no gap, none twice)", () => {
    const w = opened();
    const [a, b] = [w.prepare("drawer.close", { drawer: DRAWER, counted: eur(1) }), w.prepare("drawer.close", { drawer: DRAWER, counted: eur(2) })];
    expect([a.commit(), b.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("drawer.close", { drawer: DRAWER, counted: eur(2) })).toMatchObject({ refused: "drawer-closed" });
    for (let n = 2; n < 6; n++) {
      w.does("drawer.open", { drawer: id("drawer", n), name: `Till ${n % 2}`, float: eur(0) });
      w.does("drawer.close", { drawer: id("drawer", n), counted: eur(0) });
    }
    const numbers = w.all("cash-report").flatMap(({ report }) => (report?.kind === "z" ? [report.number] : []));
    expect(numbers).toEqual([1, 2, 3, 4, 5]);
  });

  test("the drawer's equation holds over any sequence: open + in - out = expected, and over/short makes it what was counted (property)", () => {
    const step = fc.record({ what: fc.constantFrom("payIn", "payOut", "drop", "cash", "account"), amount: fc.integer({ min: 1, max: 20_000 }) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50_000 }), fc.array(step, { maxLength: 20 }), fc.integer({ min: 0, max: 200_000 }), (float, steps, counted) => {
        const w = opened(float);
        let is = float;
        for (const { what, amount } of steps) {
          if (what === "cash") {
            w.happened("drawer", DRAWER, [{ type: "cash.drawer.cashTaken", data: { payment: id("payment", ++made), amount: eur(amount) } }]);
            is += amount;
          } else if (what === "account") {
            const out = Math.max(0, Math.min(amount, is));
            if (out > 0) w.happened("drawer", DRAWER, [{ type: "cash.drawer.accountPaidOut", data: { payment: id("payment", ++made), account: id("houseAccount", 1), amount: eur(out), by: MANAGER } }]);
            is -= out;
          } else if (what === "payIn") {
            w.does("drawer.payIn", { drawer: DRAWER, movement: movement(), amount: eur(amount), from: "safe", reason: "x" });
            is += amount;
          } else {
            const answer =
              what === "drop"
                ? w.attempt("drawer.drop", { drawer: DRAWER, movement: movement(), amount: eur(amount), reason: "x" })
                : w.attempt("drawer.payOut", { drawer: DRAWER, movement: movement(), amount: eur(amount), for: "expense", reason: "x" }, MANAGER);
            // Whoever drops here counts blind, and is not told by a no what is in it.
            expect(answer.ok).toBe(what === "drop" || amount <= is);
            if (answer.ok) is -= amount;
          }
          expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(is));
        }
        const { result } = w.does("drawer.close", { drawer: DRAWER, counted: eur(counted) });
        expect(result).toMatchObject({ expected: eur(is), difference: eur(counted - is) });
        const z = reportOf(w, result.report);
        if (z.scope !== "drawer") throw new Error("a drawer's Z is of a drawer");
        const sum = (part: { amount: { amount: string } }) => Number(part.amount.amount);
        expect(Number(z.float.amount) + sum(z.taken) - sum(z.returned) + sum(z.paidIn) - sum(z.paidOut) - sum(z.tipsPaid) - sum(z.accountsPaidOut) - sum(z.dropped)).toBe(is);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe("the business day (DOM-16, DOM-17)", () => {
  test("is closed once, in order, not before it has begun; its Z is asked for with the next number", () => {
    const w = place();
    expect(w.refuses("day.close", { date: "2026-11-21" }, MANAGER)).toEqual({ refused: "day-not-begun", date: "2026-11-20" });
    const { result, events } = w.does("day.close", { date: "2026-11-20" }, MANAGER);
    expect(result).toMatchObject({ number: 1, through: "2026-11-20" });
    expect(events.map(({ type }) => type)).toEqual(["commerce.day.closed", "cash.series.advanced", "cash.report.requested"]);
    expect(w.get("merchant", MERCHANT)?.closedThrough).toBe("2026-11-20");
    expect(w.refuses("day.close", { date: "2026-11-20" }, MANAGER)).toEqual({ refused: "day-closed", through: "2026-11-20" });
    expect(w.refuses("day.close", { date: "2026-11-19" }, MANAGER)).toEqual({ refused: "day-closed", through: "2026-11-20" });
  });

  test("no day is closed that the place cannot have: years ago, or in the year 0000, which no calendar of the books has", () => {
    const w = place();
    expect(w.refuses("day.close", { date: "0001-01-01" }, MANAGER)).toEqual({ refused: "day-too-early", date: "2026-11-13" });
    expect(w.refuses("day.close", { date: "2026-11-12" }, MANAGER)).toEqual({ refused: "day-too-early", date: "2026-11-13" });
    expect(() => w.does("day.close", { date: "0000-12-31" }, MANAGER)).toThrow("must not be before the year 0001");
    expect(w.does("day.close", { date: "2026-11-13" }, MANAGER).result).toMatchObject({ number: 1 });
  });

  test("a day nobody closed is ended by the next: the Z says from when", () => {
    const w = place();
    w.does("day.close", { date: "2026-11-17" }, MANAGER);
    const { events } = w.does("day.close", { date: "2026-11-20" }, MANAGER);
    expect(events.find(({ type }) => type === "cash.report.requested")).toMatchObject({ data: { kind: "z", number: 2, from: "2026-11-18", to: "2026-11-20" } });
  });

  test("an X of the day asks for a paper and ends nothing", () => {
    const w = place();
    expect(w.does("day.report", {}, MANAGER).result.number).toBe(1);
    expect(w.does("day.report", {}, MANAGER).result.number).toBe(2);
    expect(w.get("merchant", MERCHANT)?.closedThrough).toBeNull();
  });

  test("money that comes after the close is of the next day, until the clock is there", () => {
    expect(openBusinessDate("2026-11-20", null)).toBe("2026-11-20");
    expect(openBusinessDate("2026-11-20", "2026-11-19")).toBe("2026-11-20");
    expect(openBusinessDate("2026-11-20", "2026-11-20")).toBe("2026-11-21");
    expect(openBusinessDate("2026-11-21", "2026-11-20")).toBe("2026-11-21");
    // Over a change to winter time: 25 hours, and still one date.
    expect(openBusinessDate(businessDateOf("2026-10-25T02:59:59.000Z", "Europe/Rome", "04:00"), "2026-10-24")).toBe("2026-10-25");
    expect(openBusinessDate(businessDateOf("2026-10-25T03:00:00.000Z", "Europe/Rome", "04:00"), "2026-10-24")).toBe("2026-10-25");
  });
});

describe("files", () => {
  const document = id("document", 1);
  test("the ledger's are asked for with what, in which form, and for whom", () => {
    const w = place();
    const { events } = w.does("ledger.generate", { document, report: { kind: "statement", account: "1010", from: "2026-11-01", to: "2026-11-20" }, format: "xlsx" }, MANAGER);
    expect(events).toEqual([{ type: "document.file.requested", data: expect.objectContaining({ content: { kind: "statement", account: "1010", from: "2026-11-01", to: "2026-11-20" }, format: "xlsx", by: { staff: MANAGER.staff, name: "Sofia" } }) }]);
    expect(w.get("document", document)).toMatchObject({ status: "making", percent: 0 });
    expect(w.refuses("ledger.generate", { document, report: { kind: "trial-balance", at: null }, format: "pdf" }, MANAGER)).toMatchObject({ refused: "document-exists" });
  });

  test("refuses unknown-account, dates-reversed, unknown-report, unknown-check", () => {
    const w = place();
    expect(w.refuses("ledger.generate", { document, report: { kind: "statement", account: "9999", from: "2026-11-01", to: "2026-11-20" }, format: "pdf" }, MANAGER)).toEqual({ refused: "unknown-account", account: "9999" });
    expect(w.refuses("ledger.generate", { document, report: { kind: "journal", from: "2026-11-21", to: "2026-11-20" }, format: "pdf" }, MANAGER)).toMatchObject({ refused: "dates-reversed" });
    expect(w.refuses("cash.makeReport", { document, report: id("report", 9), format: "pdf" }, MANAGER)).toMatchObject({ refused: "unknown-report" });
    expect(w.refuses("check.makeReceipt", { document, check: id("check", 9) }, MANAGER)).toMatchObject({ refused: "unknown-check" });
  });
});
