import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { ALL, failure, frame, makePlace, newId, result, startTestHub, until, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { connect } from "#hub/db/client.ts";
import type { DayReport } from "#shared/events/cash.ts";

let fixture: HubFixture;
let place: TestPlace;
let consumers: TestConsumers;
let manager: Awaited<ReturnType<TestPlace["login"]>>;
const eur = (amount: string) => ({ amount, currency: "EUR" });

beforeAll(async () => {
  fixture = await startTestHub();
  place = await makePlace(fixture);
  consumers = startTestConsumers(fixture);
  manager = await place.login("Sofia");
}, 60_000);
afterAll(async () => {
  consumers.stop();
  await fixture.stop();
});

/** A latte at 4.50, sent, on an open check. */
async function serve(label = "Tab"): Promise<string> {
  const { api } = manager;
  const [order, item] = [newId("order"), newId("item")];
  const opening = { serviceType: "takeaway" as const, label, channel: "till" as const, customer: null, promisedAt: null };
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: place.products.latte }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  return check;
}
async function stateOf<State>(stream: string, who = manager): Promise<State> {
  const { aggregates } = await who.api.sync.snapshot.query();
  return aggregates.find((one) => one.stream === stream)?.state as State;
}
async function sell(drawer: string): Promise<string> {
  const { api } = manager;
  const check = await serve();
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: eur("500") })));
  result(await api.check.close.mutate(frame({ check })));
  return check;
}
async function openDrawer(float: string): Promise<string> {
  const drawer = newId("drawer");
  result(await manager.api.drawer.open.mutate(frame({ drawer, name: `Till ${drawer}`.slice(0, 30), float: eur(float) })));
  return drawer;
}
async function fileOf(document: string, token = manager.tokens.accessToken): Promise<Response> {
  return fetch(`${fixture.url}/files/${document}`, { headers: { authorization: `Bearer ${token}` } });
}
async function ready(document: string): Promise<void> {
  await until("the file", async () => (await manager.api.books.files.query()).some((file) => file.document === document && file.state === "ready"));
}
const today = () => new Date().toISOString().slice(0, 10);

describe("a drawer's evening", () => {
  test("pays in, pays out, drops and is counted: the books have each, the paper is stored, and the drawer's account ends at zero", async () => {
    const { api } = manager;
    const drawer = await openDrawer("10000");
    await sell(drawer);
    result(await api.drawer.payIn.mutate(frame({ drawer, movement: newId("movement"), amount: eur("2000"), from: "safe" as const, reason: "Change" })));
    result(await api.drawer.payOut.mutate(frame({ drawer, movement: newId("movement"), amount: eur("700"), for: "expense" as const, reason: "Ice" })));
    result(await api.drawer.drop.mutate(frame({ drawer, movement: newId("movement"), amount: eur("5000"), reason: "Safe", bag: "17" })));
    const x = result(await api.drawer.report.mutate(frame({ drawer })));
    const cashier = await place.login("Ana", ["check.settle", "drawer.operate"]);
    expect(await stateOf(drawer)).toMatchObject({ expected: eur("6750"), taken: { count: 1 } });
    expect(await stateOf(drawer, cashier)).toMatchObject({ float: eur("10000"), paidIn: { count: 1 }, expected: eur("0"), taken: { count: 0, amount: eur("0") } });
    const closed = result(await api.drawer.close.mutate(frame({ drawer, counted: eur("6700") })));
    expect(closed).toMatchObject({ expected: eur("6750"), difference: eur("-50"), number: 1 });
    await consumers.caughtUp();
    const statement = await api.books.statement.query({ account: "1010", subject: drawer, from: "2020-01-01", to: "2099-12-31" });
    expect(statement.entries.map(({ amount }) => amount.amount)).toEqual(["10000", "450", "2000", "-700", "-5000", "-50", "-6700"]);
    expect(statement.closing).toEqual([eur("0")]);
    const stored = await api.report.paper.query({ report: x.report });
    expect(stored).toMatchObject({ scope: "drawer", kind: "x", number: 1, expected: eur("6750") });
    const blind = await cashier.api.report.paper.query({ report: x.report });
    const hidden = ["expected", "taken", "tips", "returned", "returnedTips"];
    expect(blind).toEqual({ ...stored, ...Object.fromEntries(hidden.map((field) => [field, undefined])) });
    for (const field of hidden) expect(blind).not.toHaveProperty(field);
    expect(await cashier.api.report.paper.query({ report: closed.report })).toMatchObject({ kind: "z", expected: eur("6750") });
    const papers = await api.report.papers.query({ from: "2020-01-01", to: "2099-12-31" });
    expect(papers.map(({ scope, kind, number }) => [scope, kind, number])).toEqual(expect.arrayContaining([["drawer", "x", 1], ["drawer", "z", 1]]));
    expect(await failure(api.report.paper.query({ report: newId("report") }))).toMatchObject({ refused: "unknown-report" });
  });

  test("two people who close one drawer at once: one Z, and the other is told the truth", async () => {
    const drawer = await openDrawer("100");
    const answers = await Promise.all(["100", "90"].map((counted) => manager.api.drawer.close.mutate(frame({ drawer, counted: eur(counted) }))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { refused: "drawer-closed" } });
    const numbers = (await Promise.all(Array.from({ length: 4 }, async () => result(await manager.api.drawer.close.mutate(frame({ drawer: await openDrawer("0"), counted: eur("0") })))))).map(({ number }) => number);
    expect([...numbers].sort((a, b) => a - b)).toEqual([3, 4, 5, 6]);
  });
});

describe("the books", () => {
  test("balance now and as of a time; what was answered for a time that has passed stays so", async () => {
    const { api } = manager;
    await consumers.caughtUp();
    const at = new Date().toISOString();
    const before = await api.books.trialBalance.query({ at });
    expect(before).toMatchObject({ balanced: true, settled: true });
    await sell(await openDrawer("0"));
    await consumers.caughtUp();
    expect(await api.books.trialBalance.query({ at })).toEqual(before);
    const now = await api.books.trialBalance.query({ at: null });
    expect(now.balanced).toBe(true);
    const sales = (balances: typeof now) => Number(balances.accounts.find(({ account }) => account === "4000")?.balance.amount ?? 0);
    expect(sales(now) - sales(before)).toBe(-409);
    expect((await api.books.trialBalance.query({ at: "2099-01-01T00:00:00.000Z" })).settled).toBe(false);
    for (const account of ["1100", "2020"] as const) expect(now.accounts.find((one) => one.account === account)?.balance.amount).toBe("0");
  });

  test("tips are owed by person: what each was given, less what was paid out", async () => {
    const { api } = manager;
    const drawer = await openDrawer("10000");
    const luca = await place.person("Luca", "4321");
    for (const [tipFor, tip] of [[undefined, "120"], [{ staff: luca, name: "Luca" }, "75"]] as const) {
      const check = await serve();
      result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: eur("1000"), tip: eur(tip), ...(tipFor ? { tipFor } : {}) })));
      result(await api.check.close.mutate(frame({ check })));
    }
    await consumers.caughtUp();
    const owed = async (at: string | null = null) => (await api.books.bySubject.query({ account: "2200", at })).subjects;
    expect(new Map((await owed()).map(({ name, subject, balance }) => [name, [subject, balance.amount]]))).toEqual(new Map([["Sofia", [manager.staff, "-120"]], ["Luca", [luca, "-75"]]]));
    const before = new Date().toISOString();
    result(await api.drawer.payTips.mutate(frame({ drawer, movement: newId("movement"), amount: eur("75"), to: luca })));
    await consumers.caughtUp();
    expect((await owed()).map(({ name }) => name)).toEqual(["Sofia"]);
    expect((await owed(before)).map(({ name, balance }) => [name, balance.amount]).sort()).toEqual([["Luca", "-75"], ["Sofia", "-120"]]);
    const { accounts } = await api.books.trialBalance.query({ at: null });
    const cashier = await place.login("Ana", ["check.settle", "drawer.operate"]);
    expect(await cashier.api.books.tips.query()).toEqual({ people: [{ staff: manager.staff, name: "Sofia", owed: eur("120") }], pool: [] });
    expect(accounts.find(({ account }) => account === "2200")?.balance.amount).toBe((await owed()).reduce((sum, { balance }) => sum + BigInt(balance.amount), 0n).toString());
  });

  test("tips that were paid out and became smaller since: the books show who has had too much", async () => {
    const { api } = manager;
    const drawer = await openDrawer("10000");
    const noor = await place.person("Noor", "8765");
    const [payment, check] = [newId("payment"), await serve()];
    result(await api.payment.takeCard.mutate(frame({ payment, check, slip: "1", tip: eur("200"), tipFor: { staff: noor, name: "Noor" } })));
    result(await api.drawer.payTips.mutate(frame({ drawer, movement: newId("movement"), amount: eur("200"), to: noor })));
    result(await api.payment.adjustTip.mutate(frame({ payment, tip: eur("50") })));
    await consumers.caughtUp();
    expect((await api.books.tips.query()).people.find(({ staff }) => staff === noor)).toEqual({ staff: noor, name: "Noor", owed: eur("-150") });
    result(await api.check.close.mutate(frame({ check })));
  });

  test("are for those who may see them", async () => {
    const waiter = await place.login("Mai", ["order.take", "check.settle"]);
    expect(await failure(waiter.api.books.trialBalance.query({ at: null }))).toMatchObject({ refused: "capability-missing", capability: "manage.view" });
    expect(await failure(waiter.api.books.tips.query())).toMatchObject({ refused: "capability-missing", capability: "drawer.operate" });
    expect(await failure(waiter.api.report.papers.query({ from: today(), to: today() }))).toMatchObject({ refused: "capability-missing" });
    expect(await failure(waiter.api.ledger.generate.mutate(frame({ document: newId("document"), report: { kind: "journal" as const, from: today(), to: today() }, format: "pdf" as const })))).toMatchObject({ refused: "capability-missing" });
  });
});

describe("ledger.generate", () => {
  test.each([
    [{ kind: "trial-balance" as const, at: null }, "trial-balance"],
    [{ kind: "journal" as const, from: "2020-01-01", to: "2099-12-31" }, "journal-2020-01-01-2099-12-31"],
    [{ kind: "statement" as const, account: "4000", from: "2020-01-01", to: "2099-12-31" }, "account-4000-2020-01-01-2099-12-31"],
  ])("makes $kind as PDF and XLSX by a job", async (report, name) => {
    for (const format of ["pdf", "xlsx"] as const) {
      const document = newId("document");
      result(await manager.api.ledger.generate.mutate(frame({ document, report, format })));
      await ready(document);
      const response = await fileOf(document);
      expect([response.status, response.headers.get("content-disposition")]).toEqual([200, `attachment; filename="${name}.${format}"`]);
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(Buffer.from(bytes.subarray(0, 4)).toString("latin1")).toBe(format === "pdf" ? "%PDF" : "PK\u0003\u0004");
    }
  });

  test("gives a receipt to those who take money, the books to managers, and nothing to anybody else", async () => {
    const check = await sell(await openDrawer("0"));
    const waiter = await place.login("Luca", ["order.take", "check.settle"]);
    const [receipt, books] = [newId("document"), newId("document")];
    result(await waiter.api.check.makeReceipt.mutate(frame({ document: receipt, check })));
    result(await manager.api.ledger.generate.mutate(frame({ document: books, report: { kind: "trial-balance" as const, at: null }, format: "pdf" as const })));
    await Promise.all([ready(receipt), ready(books)]);
    const elsewhere = await (await makePlace(fixture)).login("Somebody", ALL);
    const seen = async (document: string, token: string | undefined) => (token === undefined ? (await fetch(`${fixture.url}/files/${document}`)).status : (await fileOf(document, token)).status);
    expect(await seen(receipt, waiter.tokens.accessToken)).toBe(200);
    expect(await seen(books, waiter.tokens.accessToken)).toBe(404);
    expect(await seen(books, elsewhere.tokens.accessToken)).toBe(404);
    expect(await seen(books, undefined)).toBe(401);
    expect(await seen(`${books}/..`, manager.tokens.accessToken)).toBe(404);
    expect(await seen(newId("document"), manager.tokens.accessToken)).toBe(404);
  });
});

describe("the business day", () => {
  test("is closed by a manager: its Z is stored, and money that comes after it is of the next day", async () => {
    const { api } = manager;
    const before = (await api.report.today.query()).businessDate;
    const drawer = await openDrawer("0");
    const sold = await sell(drawer);
    const carried = await serve("Carried over");
    const x = result(await api.day.report.mutate(frame({})));
    const z = result(await api.day.close.mutate(frame({ date: before })));
    expect(await api.day.close.mutate(frame({ date: before }))).toMatchObject({ ok: false, refusal: { refused: "day-closed", through: before } });
    await sell(drawer);
    await consumers.caughtUp();
    await until("the papers", async () => (await api.report.papers.query({ from: before, to: before })).some(({ report }) => report === z.report));
    const [day, soFar] = [await api.report.paper.query({ report: z.report }), await api.report.paper.query({ report: x.report })] as [DayReport, DayReport];
    expect(day).toMatchObject({ scope: "day", kind: "z", number: 1, to: before });
    expect(day.sales).toEqual(soFar.sales);
    expect(day.openDrawers.map((one) => one.drawer)).toContain(drawer);
    // With one drawer open they are nearly its expected cash: nobody who counts blind reads, prints or files them.
    const cashier = await place.login("Ana", ["check.settle", "drawer.operate"]);
    for (const { report } of [x, z]) {
      expect(await failure(cashier.api.report.paper.query({ report }))).toMatchObject({ refused: "unknown-report" });
      expect(await cashier.api.cash.printReport.mutate(frame({ report }))).toMatchObject({ ok: false, refusal: { refused: "unknown-report" } });
    }
    expect((await cashier.api.report.papers.query({ from: before, to: before })).filter(({ scope }) => scope === "day")).toEqual([]);
    const after = await api.report.today.query();
    expect(after.businessDate > before).toBe(true);
    expect(after.sales.checks).toBe(1);
    const sales = await api.books.statement.query({ account: "4000", from: after.businessDate, to: after.businessDate });
    expect(sales.entries).toHaveLength(1);

    // What was carried over is on the Z with the day that it was opened on, and its sale counts when it is closed.
    expect(day.openChecks).toEqual([{ check: carried, label: "Carried over", openedOn: before }]);
    result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check: carried, drawer, tendered: eur("500") })));
    result(await api.check.close.mutate(frame({ check: carried })));
    // And a refund of what was sold on the day before: its own date, out of a drawer that is open today.
    const expected = async () => (await stateOf<{ expected: { amount: string } }>(drawer)).expected.amount;
    const inDrawer = BigInt(await expected());
    const { number } = result(await api.payment.refund.mutate(frame({ refund: newId("refund"), check: sold, what: { kind: "all" as const }, reason: "cold", drawer })));
    expect([number, BigInt(await expected())]).toEqual(["R000001", inDrawer - 450n]);
    const soFar2 = result(await api.day.report.mutate(frame({})));
    await until("the next day's paper", async () => (await api.report.papers.query({ from: after.businessDate, to: after.businessDate })).some(({ report }) => report === soFar2.report));
    const next = (await api.report.paper.query({ report: soFar2.report })) as DayReport;
    expect(next).toMatchObject({ sales: { checks: 2, total: eur("900") }, returns: { net: eur("409"), tax: eur("41") }, refunds: [{ method: "cash", count: 1, amount: eur("450") }], openChecks: [] });
    // The Z stays what it was; the returns are of the new day.
    expect(await api.report.paper.query({ report: z.report })).toEqual(day);
    const returns = await api.books.statement.query({ account: "4190", from: after.businessDate, to: after.businessDate });
    expect(returns.entries.map(({ subject, amount }) => [subject, amount.amount])).toEqual([[sold, "409"]]);
    for (const account of ["1100", "2020"] as const) expect((await api.books.statement.query({ account, subject: carried, from: before, to: after.businessDate })).closing.every(({ amount }) => amount === "0")).toBe(true);
  });
});

describe("RUN-5: what was added up is held to the log", () => {
  async function run(kind: "compare" | "rebuild", group: "ledger" | "sales"): Promise<{ state: string; differing: number | null; failure: string | null }> {
    const maintenance = newId("maintenance");
    result(await place.operator.system[kind].mutate(frame({ maintenance, group, reason: "to be sure" })));
    const find = async () => (await manager.api.operation.maintenance.query()).find((one) => one.maintenance === maintenance);
    await until("the end of the run", async () => ["completed", "failed"].includes((await find())?.state ?? ""));
    const { state = "", differing = null, failure: cause = null } = (await find()) ?? {};
    return { state, differing, failure: cause };
  }

  test("the books and the day's figures are what the log says; what is not is counted, and the figures are built anew", async () => {
    await sell(await openDrawer("0"));
    await consumers.caughtUp();
    const equal = { state: "completed", differing: 0, failure: null };
    expect(await run("compare", "ledger")).toEqual(equal);
    expect(await run("compare", "sales")).toEqual(equal);
    expect(await place.operator.system.rebuild.mutate(frame({ maintenance: newId("maintenance"), group: "ledger" as const, reason: "no" }))).toMatchObject({ refusal: { refused: "not-rebuildable" } });

    const admin = connect(fixture.database.adminUrl, { max: 1 });
    const figures = async () => ({ ...(await manager.api.report.today.query()), at: null });
    const before = await figures();
    const papers = await manager.api.report.papers.query({ from: "2020-01-01", to: "2099-12-31" });
    expect(papers.length).toBeGreaterThan(0);
    await admin`update sales_days set net = net + 1`;
    await admin`delete from sales_tenders`;
    await admin`delete from cash_reports`;
    // A balance that was changed by hand is on both sides, and one row.
    await admin`update ledger_balances set debit = debit + 7 where account = '4000'`;
    expect((await run("compare", "sales")).differing).toBeGreaterThan(3);
    expect(await run("compare", "ledger")).toEqual({ ...equal, differing: 1 });
    // Which rows they are can be seen, with what the log says and what was found: by whose they are.
    const differences = async (group: string, by = manager.api) => {
      const ran = (await manager.api.operation.maintenance.query()).find((one) => one.group === group && one.kind === "compare");
      return by.operation.differences.query({ maintenance: ran?.maintenance ?? "" });
    };
    const changed = await differences("ledger");
    expect(changed).toMatchObject([{ table: "ledger_balances", key: { merchant_id: place.merchant, account: "4000" }, fields: [{ field: "debit" }] }]);
    const debit = changed[0]?.fields[0];
    expect(Number(debit?.found) - Number(debit?.expected)).toBe(7);
    const figure = (await differences("sales")).filter(({ table }) => table === "sales_tenders");
    expect(figure.length).toBeGreaterThan(0);
    for (const { fields } of figure) expect(fields).toContainEqual({ field: "amount", expected: expect.stringMatching(/\d/) as unknown, found: null });
    const elsewhere = await (await makePlace(fixture)).login("Eve");
    expect(await differences("ledger", elsewhere.api)).toEqual([]);
    await admin`update ledger_balances set debit = debit - 7 where account = '4000'`;
    const asked = await admin`select count(*)::int as n from events where type = 'cash.report.made'`;
    expect(await run("rebuild", "sales")).toMatchObject({ state: "completed", failure: null });
    expect(await figures()).toEqual(before);
    expect(await manager.api.report.papers.query({ from: "2020-01-01", to: "2099-12-31" })).toEqual(papers);
    expect(await run("compare", "sales")).toEqual(equal);
    // Nothing was made a second time, the twins are gone, and the figures go on.
    expect(await admin`select count(*)::int as n from events where type = 'cash.report.made'`).toEqual(asked);
    expect(await admin`select from pg_tables where schemaname = 'rebuild'`).toHaveLength(0);
    await sell(await openDrawer("0"));
    await until("the sale", async () => (await manager.api.report.today.query()).sales.checks === before.sales.checks + 1);
    expect(await run("compare", "ledger")).toEqual(equal);
    await admin.end();
  });
});
