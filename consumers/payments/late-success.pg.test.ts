import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ulid } from "ulidx";
import { connect, type Sql, type TransactionSql } from "#hub/db/client.ts";
import { AppendRetry, appendInTransaction } from "#hub/log/append-in-transaction.ts";
import { frame, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { AttemptReport } from "#shared/domain/payment/apply-report.ts";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import type { EventType } from "#shared/events/catalog.ts";
import { attemptCommand } from "./apply.ts";
import { PaymentStates } from "./states.ts";

/** What the worker writes of a provider's word, met by what people do at the same moment. */
const p = onePlace();
let sql: Sql;
let api: Awaited<ReturnType<typeof p.place.login>>["api"];
let drawer: string;
const eur = (amount: number) => ({ amount: String(amount), currency: "EUR" });

beforeAll(async () => {
  sql = connect(p.hub.database.consumerUrl, { max: 2 });
  ({ api } = await p.place.login("Sofia"));
  result(await api.commerce.connectProvider.mutate(frame({ provider: "terminal-1", kind: "terminal" as const, name: "Terminal" })));
  drawer = newId("drawer");
  result(await api.drawer.open.mutate(frame({ drawer, name: "Till", float: eur(10_000) })));
});
afterAll(() => sql.end());

async function stateOf<State>(stream: string): Promise<State> {
  const [row] = await p.admin<{ head: State }[]>`select head from aggregates where stream = ${stream}`;
  if (!row) throw new Error(`no ${stream}`);
  return row.head;
}
const typesOf = async (stream: string) => (await p.admin<{ type: EventType }[]>`select envelope::jsonb ->> 'type' as type from events where stream = ${stream} order by stream_version`).map(({ type }) => type);

/** Decides on what is there now, lets others work, and writes then; again as often as the log says that it has moved on. */
async function reported(payment: string, report: AttemptReport, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<number> {
  const source = () => ({ commandId: ulid(), organizer: p.place.organizer, merchant: p.place.merchant, correlationId: payment, now: new Date().toISOString() });
  let first: Promise<void> | undefined;
  for (let tries = 1; ; tries++) {
    try {
      await sql.begin(async (tx: TransactionSql) => {
        const commands = await attemptCommand(new PaymentStates(tx), payment, report, source());
        await (first ??= meanwhile());
        await appendInTransaction(tx, commands);
      });
      return tries;
    } catch (error) {
      if (!(error instanceof AppendRetry) || tries >= 20) throw error;
    }
  }
}

/** A latte at 4.50, asked of the terminal, whose time is over for us. */
async function expired(): Promise<{ readonly check: string; readonly payment: string }> {
  const [order, item, payment] = [newId("order"), newId("item"), newId("payment")];
  const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "till" as const, customer: null, promisedAt: null };
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: p.place.products.latte }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  result(await api.payment.startAttempt.mutate(frame({ payment, check, provider: "terminal-1" })));
  await reported(payment, { said: "expired", from: "hub" });
  return { check, payment };
}
const payCash = async (check: string) => void result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: eur(500) })));
const close = async (check: string) => void result(await api.check.close.mutate(frame({ check })));
const success: AttemptReport = { said: "captured", from: "provider", currency: "EUR", amount: 450n, tip: 0n };

describe("a provider's late success", () => {
  test("is decided while the check is being closed: decided again, and owed to the guest, never put on the closed check", async () => {
    const { check, payment } = await expired();
    await payCash(check);
    expect(await reported(payment, success, () => close(check))).toBe(2);
    expect(await stateOf<PaymentState>(payment)).toMatchObject({ status: "captured", late: true, overpaid: eur(450), tender: { amount: eur(0) } });
    expect(await stateOf<CheckState>(check)).toMatchObject({ status: "closed", tenders: [{ method: "cash" }] });
    expect((await typesOf(payment)).filter((type) => type === "payment.attempt.success")).toHaveLength(1);
    expect(await typesOf(check)).toEqual(expect.arrayContaining(["sale.check.closed", "sale.check.overpaid"]));
  });

  test("is decided for an open check that somebody pays in cash and closes meanwhile", async () => {
    const { check, payment } = await expired();
    const tries = await reported(payment, success, async () => {
      await payCash(check);
      await close(check);
    });
    expect(tries).toBe(2);
    expect(await stateOf<PaymentState>(payment)).toMatchObject({ overpaid: eur(450), tender: { amount: eur(0) } });
    expect((await stateOf<CheckState>(check)).tenders).toHaveLength(1);
  });

  test("comes first: the cash that is offered at the same moment is not taken", async () => {
    const { check, payment } = await expired();
    expect(await reported(payment, success)).toBe(1);
    expect(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: eur(500) }))).toMatchObject({ ok: false, refusal: { refused: "nothing-due" } });
    await close(check);
    expect(await stateOf<CheckState>(check)).toMatchObject({ status: "closed", tenders: [{ payment, amount: eur(450) }] });
  });

  test("and the close, sent at once a few times: whichever is first, the money is on the check or owed to the guest, and the check is closed once", async () => {
    for (let round = 0; round < 4; round++) {
      const { check, payment } = await expired();
      await payCash(check);
      await Promise.all([reported(payment, success), close(check)]);
      expect(await stateOf<PaymentState>(payment)).toMatchObject({ status: "captured", overpaid: eur(450) });
      expect(await stateOf<CheckState>(check)).toMatchObject({ status: "closed", tenders: [{ method: "cash" }] });
    }
  });

  test("finds its check merged into another: it pays that one", async () => {
    const [{ check, payment }, other] = [await expired(), await expired()];
    result(await api.check.merge.mutate(frame({ operation: newId("operation"), target: other.check, sources: [check] })));
    await reported(payment, success);
    expect(await stateOf<PaymentState>(payment)).toMatchObject({ check: other.check, status: "captured", overpaid: null });
    expect((await stateOf<CheckState>(other.check)).tenders).toMatchObject([{ payment, amount: eur(450) }]);
  });

  test("meets the close of the business day: it is decided again, on the day that is open then", async () => {
    const { check, payment } = await expired();
    const today = new Date().toISOString().slice(0, 10);
    const merchant = () => stateOf<{ closedThrough?: string | null }>(p.place.merchant);
    const tries = await reported(payment, success, async () => {
      const answer = await api.day.close.mutate(frame({ date: today }));
      // Before the cut-over today has not begun, and yesterday is what can be closed.
      if (!answer.ok) result(await api.day.close.mutate(frame({ date: (answer.refusal as unknown as { date: string }).date })));
    });
    expect(tries).toBe(2);
    const [row] = await p.admin<{ date: string }[]>`select envelope::jsonb ->> 'businessdate' as date from events where stream = ${payment} and envelope::jsonb ->> 'type' = 'payment.attempt.success'`;
    expect((row?.date ?? "") > ((await merchant()).closedThrough ?? "9999")).toBe(true);
    expect((await stateOf<CheckState>(check)).status).toBe("paid");
  });
});
