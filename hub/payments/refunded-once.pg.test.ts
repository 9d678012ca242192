import { ulid } from "ulidx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { frame, newId, result, until } from "#hub/testing/hub-fixture.ts";
import type { RefundState } from "#shared/domain/payment/state.ts";
import { sign } from "./standard-webhooks.ts";
import { eur, payingPlace, WEBHOOK_SECRET, type PayingPlace } from "./testing/paying-place.ts";

let p: PayingPlace;
beforeAll(async () => {
  p = await payingPlace();
}, 90_000);
afterAll(async () => {
  await p.stop();
});

/** A closed check, paid at the terminal. */
async function paid(): Promise<{ readonly check: string; readonly payment: string; readonly attempt: string }> {
  await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
  const { check } = await p.sell(2);
  const started = await p.start(check);
  await p.becomes(started.payment, "captured");
  result(await p.api.check.close.mutate(frame({ check })));
  return { check, ...started };
}
async function refunded(check: string): Promise<string> {
  const refund = newId("refund");
  result(await p.api.payment.refund.mutate(frame({ refund, check, what: { kind: "amount" as const, amount: eur(300) }, reason: "cold" })));
  return refund;
}
const tryAgain = (refund: string, payment: string) => p.api.payment.retryRefund.mutate(frame({ refund, payment, by: "same" as const }));
const becomes = (refund: string, status: string) => until(`payout ${status}`, async () => (await p.state<RefundState>(refund)).payouts[0]?.status === status);
const paidOut = async (refund: string) => (await p.simulator.state("terminal-1")).refunds.filter((one) => one.refund === refund && one.state === "succeeded");
const rows = (refund: string) => p.admin<{ id: string; state: string; outcome: string | null; tries: number }[]>`select id, state, outcome, tries from payment_requests where refund_id = ${refund} order by seq`;

/** Of silence: the only try is asked after no more. */
async function aWeekLater(refund: string): Promise<void> {
  await p.admin`update payment_requests set created_at = now() - interval '8 days', next_try_at = now() where refund_id = ${refund}`;
  await until("it is asked after no more", async () => (await rows(refund))[0]?.state === "done");
}

/** The provider says it of a refund, once more or late, under an id of its own. */
async function told(what: "success" | "failed", about: { readonly attempt: string; readonly refund: string; readonly request?: string }): Promise<void> {
  const type = `mq-pay:refund.${what}`;
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data: { ...about, amount: "300", currency: "EUR", ...(what === "failed" ? { reason: "account closed" } : {}) } });
  const [id, at] = [`msg_${ulid()}`, Math.floor(Date.now() / 1000)];
  const headers = { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": sign(WEBHOOK_SECRET, id, at, Buffer.from(body)), "x-webhook-event-type": type };
  const response = await fetch(`${p.fixture.url}/webhooks/payments/terminal-1`, { method: "POST", headers, body });
  await response.text();
  expect(response.status).toBe(200);
  await p.caughtUp();
}

test("regression: a refund that the provider paid unheard failed at the next try's error, and could be paid once more, under another key or in cash", async () => {
  const { check, payment } = await paid();
  await p.simulator.mood("terminal-1", { mood: "lose-connection" });
  const refund = await refunded(check);
  await until("the provider has paid it, and we do not know", async () => (await paidOut(refund)).length === 1);
  await becomes(refund, "unknown");
  for (const way of [{ by: "same" as const }, { by: "cash" as const, drawer: p.drawer }]) {
    expect(await p.api.payment.retryRefund.mutate(frame({ refund, payment, ...way }))).toMatchObject({ ok: false, refusal: { refused: "payout-not-failed", status: "unknown" } });
  }

  await p.simulator.mood("terminal-1", { mood: "refund-error" });
  await becomes(refund, "success");
  expect(await p.events(refund)).not.toContain("payment.refund.paidLate");
  expect(await rows(refund)).toMatchObject([{ state: "done", outcome: "succeeded" }]);
  expect(await paidOut(refund)).toHaveLength(1);
}, 60_000);

test("regression: the first try's no, told again while the second was under way, counted for that one, and the third was paid beside it", async () => {
  const { check, payment, attempt } = await paid();
  await p.simulator.mood("terminal-1", { mood: "refund-fails" });
  const refund = await refunded(check);
  await becomes(refund, "failed");
  const [first] = await rows(refund);

  await p.simulator.mood("terminal-1", { mood: "late", ms: 3_600_000 });
  result(await tryAgain(refund, payment));
  await becomes(refund, "sent");
  await told("failed", { attempt, refund, request: first?.id ?? "" });
  expect((await p.events(refund)).at(-1)).toBe("payment.refund.sent");
  // One that names no try only makes us ask.
  const before = (await rows(refund))[1]?.tries ?? 0;
  await told("failed", { attempt, refund });
  await until("asked", async () => ((await rows(refund))[1]?.tries ?? 0) > before);
  expect((await p.events(refund)).at(-1)).toBe("payment.refund.sent");
  expect(await tryAgain(refund, payment)).toMatchObject({ ok: false, refusal: { refused: "payout-not-failed", status: "sent" } });

  // The first one's failure was told, and it is asked after until the provider says so itself.
  await until("the first try's end", async () => (await rows(refund))[0]?.state === "done");
  expect(await rows(refund)).toMatchObject([{ state: "done" }, { state: "queued", outcome: "pending" }]);
  expect((await p.simulator.state("terminal-1")).refunds.filter((one) => one.refund === refund)).toMatchObject([{ state: "failed" }, { state: "pending" }]);
}, 60_000);

test("regression: money that was told without naming its try was not heard while the only try waited for its answer", async () => {
  const { check, payment, attempt } = await paid();
  await p.simulator.mood("terminal-1", { mood: "late", ms: 3_600_000 });
  const refund = await refunded(check);
  await becomes(refund, "sent");
  await told("success", { attempt, refund });
  const [only] = await rows(refund);
  expect((await p.state<RefundState>(refund)).payouts).toMatchObject([{ status: "success", paidBy: only?.id }]);
  // Told once more, by its name: the same money.
  await told("success", { attempt, refund, request: only?.id ?? "" });
  expect(await p.events(refund)).not.toContain("payment.refund.paidLate");
  expect(await tryAgain(refund, payment)).toMatchObject({ ok: false });
}, 60_000);

for (const second of ["refused", "pending"] as const) {
  test(`regression: money that was told without naming its try, of which the row had ended, was booked for no try or not at all while another was ${second}`, async () => {
    const { check, payment, attempt } = await paid();
    await p.simulator.mood("terminal-1", { mood: "lose-connection" });
    const refund = await refunded(check);
    await becomes(refund, "unknown");
    result(await p.api.payment.resolvePayout.mutate(frame({ refund, payment, outcome: "not-paid" as const, reason: "their page" })));
    await aWeekLater(refund);

    await p.simulator.mood("terminal-1", second === "refused" ? { mood: "refund-error" } : { mood: "late", ms: 3_600_000 });
    result(await tryAgain(refund, payment));
    await becomes(refund, second === "refused" ? "failed" : "sent");
    await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
    await told("success", { attempt, refund });
    await becomes(refund, "success");
    const [first, again] = await rows(refund);
    expect((await p.state<RefundState>(refund)).payouts).toMatchObject([{ status: "success", paidBy: first?.id }]);

    // Told again and again: the same money, and nothing is asked for a second time.
    await told("success", { attempt, refund });
    await told("success", { attempt, refund, request: first?.id ?? "" });
    await until("the refused try was asked after too", async () => second === "pending" || (await rows(refund)).every(({ state }) => state === "done"));
    expect((await p.events(refund)).filter((type) => type === "payment.refund.success" || type === "payment.refund.paidLate")).toEqual(["payment.refund.success"]);
    expect((await p.simulator.state("terminal-1")).refunds.filter((one) => one.refund === refund).map(({ request, state }) => [request, state])).toEqual([
      [first?.id, "succeeded"],
      ...(second === "pending" ? [[again?.id, "pending"]] : []),
    ]);
  }, 60_000);
}

for (const second of ["refused", "unanswered"] as const) {
  test(`regression: money that was told without naming its try was forgotten, and paid once more, when the provider knew none of two tries, the second one ${second}: it is booked without a name`, async () => {
    const { check, payment, attempt } = await paid();
    await p.simulator.mood("terminal-1", { mood: "refund-error" });
    const refund = await refunded(check);
    await becomes(refund, "failed");
    if (second === "unanswered") await p.simulator.mood("terminal-1", { mood: "offline" });
    result(await tryAgain(refund, payment));
    await becomes(refund, second === "refused" ? "failed" : "unknown");
    await until("both were tried", async () => (await rows(refund)).every(({ tries }) => tries > 0));
    // A call that may have been heard, and was not.
    await p.admin`update payment_requests set outcome = 'no-answer', next_try_at = now() + interval '1 minute' where refund_id = ${refund} and state = 'queued'`;
    await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
    await told("success", { attempt, refund });
    await becomes(refund, "success");
    expect((await p.state<RefundState>(refund)).payouts[0]).not.toHaveProperty("paidBy");
    await told("success", { attempt, refund });
    await until("all were asked after", async () => (await rows(refund)).every(({ state }) => state === "done"));
    await p.caughtUp();
    expect((await p.events(refund)).filter((type) => type === "payment.refund.success" || type === "payment.refund.paidLate")).toEqual(["payment.refund.success"]);
    expect(await paidOut(refund)).toEqual([]);
    expect(await p.admin`select from payment_requests where refund_id = ${refund} and paid_unnamed is not null`).toHaveLength(0);
  }, 60_000);
}

test("regression: a try made after money was told of without a name ended unheard, and nobody could do anything about its payout while an earlier one was under way: nobody knows, and people can say", async () => {
  const { check, payment, attempt } = await paid();
  await p.simulator.mood("terminal-1", { mood: "late", ms: 3_600_000 });
  const refund = await refunded(check);
  await becomes(refund, "sent");
  // Told to people after two minutes.
  await p.admin`update payment_requests set created_at = created_at - interval '3 minutes', next_try_at = now() where refund_id = ${refund}`;
  await becomes(refund, "unknown");
  const decide = (outcome: "paid" | "not-paid") => p.api.payment.resolvePayout.mutate(frame({ refund, payment, outcome, reason: "their page" }));
  result(await decide("not-paid"));
  await p.simulator.mood("terminal-1", { mood: "refund-error" });
  result(await tryAgain(refund, payment));
  await until("the second one's no", async () => (await rows(refund))[1]?.state === "done" && (await p.state<RefundState>(refund)).payouts[0]?.status === "failed");
  await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
  await told("success", { attempt, refund });
  result(await tryAgain(refund, payment));
  await until("the third one's end", async () => (await rows(refund))[2]?.state === "done");
  await becomes(refund, "unknown");
  expect((await rows(refund))[0]).toMatchObject({ state: "queued" });
  result(await decide("not-paid"));
  await becomes(refund, "failed");
}, 60_000);

test("regression: a no that named no try was dropped when the only try was asked after no more: it is that one's, and told to people", async () => {
  const { check, payment, attempt } = await paid();
  await p.simulator.mood("terminal-1", { mood: "offline" });
  const refund = await refunded(check);
  await becomes(refund, "unknown");
  result(await p.api.payment.resolvePayout.mutate(frame({ refund, payment, outcome: "paid" as const, reason: "their page" })));
  await aWeekLater(refund);
  await told("failed", { attempt, refund });
  expect((await p.state<RefundState>(refund)).payouts).toMatchObject([{ status: "success", contradicted: "account closed" }]);
}, 60_000);

test("regression: the provider's no to what a manager had said was paid was dropped: people are told, take it out of the books, and give it in cash, once", async () => {
  const { check, payment, attempt } = await paid();
  await p.simulator.mood("terminal-1", { mood: "offline" });
  const refund = await refunded(check);
  await becomes(refund, "unknown");
  const decide = (outcome: "paid" | "not-paid") => p.api.payment.resolvePayout.mutate(frame({ refund, payment, outcome, reason: "their page" }));
  result(await decide("paid"));
  const [only] = await rows(refund);
  for (const _ of [1, 2]) await told("failed", { attempt, refund, request: only?.id ?? "" });
  expect((await p.state<RefundState>(refund)).payouts).toMatchObject([{ status: "success", contradicted: "account closed" }]);
  expect((await p.events(refund)).filter((type) => type === "payment.refund.contradicted")).toHaveLength(1);

  const owed = async () => {
    await p.caughtUp();
    const entries = await p.admin<{ account: string; sum: string }[]>`select account, sum(amount)::text as sum from ledger_entries where subject = ${refund} or journal_id like ${`${refund}/%`} group by account`;
    expect(entries.reduce((sum, one) => sum + Number(one.sum), 0)).toBe(0);
    return Object.fromEntries(entries.map((one) => [one.account, Number(one.sum)]));
  };
  const before = await owed();
  expect(before).toMatchObject({ "2350": 0, "1050": -300 });
  result(await decide("not-paid"));
  expect(await owed()).toMatchObject({ "2350": -300, "1050": 0 });
  expect(await decide("not-paid")).toMatchObject({ ok: false, refusal: { refused: "payout-not-unknown", status: "failed" } });
  result(await p.api.payment.retryRefund.mutate(frame({ refund, payment, by: "cash" as const, drawer: p.drawer })));
  expect(await owed()).toMatchObject({ "2350": 0, "1050": 0, "1010": -300 });
  const [paper] = await p.admin<{ refunded: string }[]>`select coalesce(sum(amount), 0)::text as refunded from sales_refunds where merchant_id = ${p.place.merchant} and method = 'cash'`;
  expect(paper?.refunded).toBe("300");
  expect(await paidOut(refund)).toEqual([]);
}, 60_000);
