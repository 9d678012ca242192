import { ulid } from "ulidx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frame, newId, result, until } from "#hub/testing/hub-fixture.ts";
import { traceIdOf } from "#hub/commands/trace.ts";
import { topicOf } from "#shared/protocol/topics.ts";
import { eur, payingPlace, WEBHOOK_SECRET, type PayingPlace } from "./testing/paying-place.ts";
import { sign } from "./standard-webhooks.ts";

let p: PayingPlace;
beforeAll(async () => {
  p = await payingPlace({ PAYMENT_EXPIRE_MS: "6000" });
}, 90_000);
afterAll(async () => {
  await p.stop();
});
const calm = { mood: "ok", ms: 20 } as const;
const successes = async (payment: string) => (await p.events(payment)).filter((type) => type === "payment.attempt.success").length;

describe("a guest pays at the terminal", () => {
  test("asked, paid, told by a signed webhook, applied from the log", async () => {
    await p.simulator.mood("terminal-1", calm);
    const { check } = await p.sell();
    const { payment } = await p.start(check);
    await p.becomes(payment, "captured");
    expect(await p.check(check)).toMatchObject({ status: "paid", attempts: [], tenders: [{ method: "card-terminal", provider: "terminal-1", amount: eur(450) }] });
    const [row] = await p.admin`select count(*)::int as n from events where stream like 'whk_%' and envelope::jsonb -> 'data' ->> 'payment' = ${payment}`;
    expect(row).toEqual({ n: 1 });
    expect(result(await p.api.check.close.mutate(frame({ check })))).toMatchObject({ number: expect.stringMatching(/^\d{6}$/) as unknown });
  });

  test("with a tip on the terminal; declined; by QR", async () => {
    await p.simulator.mood("terminal-1", { mood: "by-hand" });
    const tipped = await p.start((await p.sell()).check);
    await p.becomes(tipped.payment, "sent");
    await p.simulator.guest("terminal-1", tipped.attempt, "approve", { tip: "70" });
    expect((await p.becomes(tipped.payment, "captured")).tender).toMatchObject({ amount: eur(450), tip: eur(70) });

    await p.simulator.mood("terminal-1", { mood: "decline", ms: 20 });
    const { check } = await p.sell();
    const declined = await p.start(check);
    expect(await p.becomes(declined.payment, "failed")).toMatchObject({ reason: "declined" });
    // A screen that begins now has to say why nothing was taken.
    const shown = async () => (await p.api.sync.snapshot.query()).aggregates.some(({ stream }) => stream === declined.payment);
    expect(await shown()).toBe(true);

    await p.simulator.mood("qr-1", calm);
    const { payment, attempt } = await p.start(check, "qr-1");
    expect((await p.becomes(payment, "captured")).qr).toMatch(new RegExp(`/qr-1/pay/${attempt}$`));
    expect(await shown()).toBe(false);
  });

  test("late: nobody waits for it, and nobody pays twice", async () => {
    await p.simulator.mood("terminal-1", { mood: "late", ms: 1_500 });
    const { check } = await p.sell();
    const { payment } = await p.start(check);
    const second = await p.api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer: p.drawer, tendered: eur(450) }));
    expect(second).toMatchObject({ ok: false, refusal: { refused: "attempt-open", payment } });
    await p.becomes(payment, "captured");
    expect(await successes(payment)).toBe(1);
  });

  test("twice, and a third time under another id: applied once", async () => {
    await p.simulator.mood("terminal-1", { mood: "twice" });
    const { payment, attempt } = await p.start((await p.sell()).check);
    await p.becomes(payment, "captured");
    const acknowledged = async () => (await p.simulator.state("terminal-1")).deliveries.filter((one) => one.attempt === attempt).map(({ status }) => status);
    await expect.poll(acknowledged, { timeout: 30_000 }).toEqual([200, 200, 200]);
    await until("two ids in the log", async () => (await p.admin`select 1 from events where stream like 'whk_%' and envelope::jsonb -> 'data' ->> 'payment' = ${payment}`).length === 2);
    expect(await successes(payment)).toBe(1);
  });

  test("out of order: settled, then success, then a failure of an earlier try", async () => {
    await p.simulator.mood("terminal-1", { mood: "out-of-order" });
    const { check } = await p.sell();
    const { payment, attempt } = await p.start(check);
    await p.becomes(payment, "settled");
    await until("the failure came", async () => (await p.simulator.state("terminal-1")).deliveries.filter((one) => one.attempt === attempt && one.status === 200).length === 3);
    expect(await p.payment(payment)).toMatchObject({ status: "settled", settled: { gross: eur(450), fee: eur(6), net: eur(444) } });
    expect(await successes(payment)).toBe(1);
    expect((await p.check(check)).status).toBe("paid");
  });

  test("never: the guest's time runs out, the provider is told, the check is free again", async () => {
    await p.simulator.mood("terminal-1", { mood: "never" });
    const { check } = await p.sell();
    const { payment, attempt } = await p.start(check);
    await p.becomes(payment, "sent");
    // What it would tell of its cancelling may come before we have written down why we asked for it, and is as true.
    await p.simulator.mood("terminal-1", { mood: "no-webhooks" });
    await p.becomes(payment, "expired");
    expect((await p.simulator.state("terminal-1")).attempts.find((one) => one.attempt === attempt)?.state).toBe("cancelled");
    expect(await p.api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer: p.drawer, tendered: eur(450) }))).toMatchObject({ ok: true });
  }, 60_000);

  test("success after expiry: accepted and flagged; what was paid in cash meanwhile makes it an overpayment with a refund", async () => {
    await p.simulator.mood("terminal-1", { mood: "success-after-expiry", ms: 3_000 });
    const [free, paid] = [await p.sell(), await p.sell()];
    const [late, over] = [await p.start(free.check), await p.start(paid.check)];
    const payInCash = async () => {
      await p.becomes(over.payment, "expired");
      result(await p.api.payment.takeCash.mutate(frame({ payment: newId("payment"), check: paid.check, drawer: p.drawer, tendered: eur(500) })));
    };
    await Promise.all([p.becomes(late.payment, "expired"), payInCash()]);
    expect(await p.becomes(late.payment, "captured")).toMatchObject({ late: true, overpaid: null });
    expect((await p.check(free.check)).status).toBe("paid");
    expect(await p.becomes(over.payment, "captured")).toMatchObject({ late: true, overpaid: eur(450), tender: { amount: eur(0) } });
    await p.simulator.mood("terminal-1", calm);
    const refund = newId("refund");
    expect(result(await p.api.payment.refundOverpayment.mutate(frame({ refund, payment: over.payment, reason: "paid twice" })))).toMatchObject({ amount: eur(450) });
    await until("the refund", async () => (await p.events(refund)).includes("payment.refund.success"));
  }, 60_000);

  test("wrong signature: refused at the door, nothing in the log; reconciliation asks and finds out", async () => {
    await p.simulator.mood("terminal-1", { mood: "wrong-signature" });
    const { payment } = await p.start((await p.sell()).check);
    await p.becomes(payment, "captured");
    expect((await p.simulator.state("terminal-1")).deliveries.at(-1)?.status).toBe(401);
    expect(await p.admin`select 1 from events where stream like 'whk_%' and envelope::jsonb -> 'data' ->> 'payment' = ${payment}`).toHaveLength(0);
    await p.simulator.mood("terminal-1", calm);
  }, 60_000);

  test("no webhook at all: asked until it is known", async () => {
    await p.simulator.mood("terminal-1", { mood: "no-webhooks" });
    const { payment } = await p.start((await p.sell()).check);
    await p.becomes(payment, "captured");
    await p.simulator.mood("terminal-1", calm);
  }, 60_000);

  test("a waiter stops it", async () => {
    await p.simulator.mood("terminal-1", { mood: "never" });
    const { payment } = await p.start((await p.sell()).check);
    await p.becomes(payment, "sent");
    result(await p.api.payment.cancelAttempt.mutate(frame({ payment })));
    await p.becomes(payment, "cancelled");
  });
});

describe("the connection is lost", () => {
  test("after the terminal has done it: unknown, blocks a new charge, and asking finds the money", async () => {
    await p.simulator.mood("terminal-1", { mood: "lose-connection" });
    const { check } = await p.sell();
    const { payment, attempt } = await p.start(check);
    await p.becomes(payment, "unknown");
    expect((await p.simulator.state("terminal-1")).attempts.find((one) => one.attempt === attempt)?.state).toBe("captured");
    expect(await p.api.payment.startAttempt.mutate(frame({ payment: newId("payment"), check, provider: "terminal-1" }))).toMatchObject({ ok: false, refusal: { refused: "attempt-unknown" } });
    await p.simulator.mood("terminal-1", calm);
    result(await p.api.payment.askProvider.mutate(frame({ payment })));
    await p.becomes(payment, "captured");
    expect(await successes(payment)).toBe(1);
    expect((await p.check(check)).status).toBe("paid");
  }, 60_000);

  test("before: unknown; nobody charges again; back again it knows of nothing, so that the check is free", async () => {
    await p.simulator.mood("terminal-1", { mood: "offline" });
    const { check } = await p.sell();
    const { payment } = await p.start(check);
    await p.becomes(payment, "unknown");
    for (const refused of [
      await p.api.payment.startAttempt.mutate(frame({ payment: newId("payment"), check, provider: "qr-1" })),
      await p.api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer: p.drawer, tendered: eur(450) })),
    ]) {
      expect(refused).toMatchObject({ ok: false, refusal: { refused: "attempt-unknown", payment } });
    }
    await p.simulator.mood("terminal-1", calm);
    result(await p.api.payment.askProvider.mutate(frame({ payment })));
    expect(await p.becomes(payment, "failed")).toMatchObject({ reason: "not-found" });
    await p.becomes((await p.start(check)).payment, "captured");
  }, 60_000);

  test("no answer: a manager decides", async () => {
    await p.simulator.mood("terminal-1", { mood: "hang" });
    const { check } = await p.sell();
    const { payment } = await p.start(check);
    await p.becomes(payment, "unknown");
    result(await p.api.payment.resolveUnknown.mutate(frame({ payment, outcome: "captured", reason: "slip 0042" })));
    expect(await p.payment(payment)).toMatchObject({ status: "captured" });
    expect((await p.check(check)).status).toBe("paid");
    await p.simulator.mood("terminal-1", calm);
  }, 60_000);
});

describe("a tab", () => {
  test("authorised, raised, tipped, captured", async () => {
    await p.simulator.mood("terminal-1", calm);
    const { check } = await p.sell(2);
    const { payment, attempt } = await p.start(check, "terminal-1", { capture: "later", amount: eur(2000) });
    expect(await p.becomes(payment, "authorized")).toMatchObject({ held: eur(2000) });
    result(await p.api.payment.increment.mutate(frame({ payment, amount: eur(3000) })));
    await until("raised", async () => (await p.payment(payment)).held?.amount === "3000");
    result(await p.api.payment.adjustTip.mutate(frame({ payment, tip: eur(150) })));
    await until("tipped", async () => (await p.payment(payment)).tender.tip.amount === "150");
    expect(result(await p.api.payment.capture.mutate(frame({ payment })))).toEqual({ amount: eur(900), tip: eur(150) });
    await p.becomes(payment, "captured");
    expect((await p.simulator.state("terminal-1")).attempts.find((one) => one.attempt === attempt)).toMatchObject({ state: "captured", amount: "900", tip: "150" });
    expect((await p.check(check)).status).toBe("paid");
  }, 60_000);

  test("an authorisation that is not needed is given back", async () => {
    const { check } = await p.sell();
    const { payment } = await p.start(check, "terminal-1", { capture: "later", amount: eur(2000) });
    await p.becomes(payment, "authorized");
    result(await p.api.payment.cancelAttempt.mutate(frame({ payment })));
    await p.becomes(payment, "cancelled");
  });
});

describe("money goes back", () => {
  async function closed(): Promise<{ check: string; payment: string }> {
    await p.simulator.mood("terminal-1", calm);
    const { check } = await p.sell(2);
    const { payment } = await p.start(check);
    await p.becomes(payment, "captured");
    result(await p.api.check.close.mutate(frame({ check })));
    return { check, payment };
  }

  test("the wrong tender: the provider gives it back, and another is taken", async () => {
    const { check } = await p.sell();
    const { payment } = await p.start(check);
    await p.becomes(payment, "captured");
    expect(result(await p.api.payment.void.mutate(frame({ payment, reason: "wanted to pay cash" })))).toMatchObject({ pending: true });
    await p.becomes(payment, "reversed");
    expect(result(await p.api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer: p.drawer, tendered: eur(450) })))).toMatchObject({ due: eur(0) });
  });

  test("two refunds at once: one winner, a truthful answer for the other, never more than was captured", async () => {
    const { check, payment } = await closed();
    const ask = (amount: number) => p.api.payment.refund.mutate(frame({ refund: newId("refund"), check, what: { kind: "amount" as const, amount: eur(amount) }, reason: "cold" }));
    const answers = await Promise.all([ask(600), ask(600)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { refused: "over-refundable", refundable: eur(300) } });
    const state = await p.payment(payment);
    expect(state.refunds.map(({ amount }) => amount)).toEqual([eur(600)]);
  });

  test("an error answer changes no balance, and the refund can be paid in cash", async () => {
    const { check, payment } = await closed();
    await p.simulator.mood("terminal-1", { mood: "refund-error" });
    const refund = newId("refund");
    result(await p.api.payment.refund.mutate(frame({ refund, check, what: { kind: "all" as const }, reason: "cold" })));
    await until("the provider's no", async () => (await p.events(refund)).includes("payment.refund.failed"));
    expect(await p.events(refund)).toEqual(["payment.refund.created", "payment.refund.failed"]);
    expect((await p.payment(payment)).tender.amount).toEqual(eur(900));
    result(await p.api.payment.retryRefund.mutate(frame({ refund, payment, by: "cash" as const, drawer: p.drawer })));
    expect((await p.events(refund)).slice(-2)).toEqual(["payment.refund.rerouted", "payment.refund.success"]);
  });

  test("a refund that fails later says so", async () => {
    const { check } = await closed();
    await p.simulator.mood("terminal-1", { mood: "refund-fails" });
    const refund = newId("refund");
    result(await p.api.payment.refund.mutate(frame({ refund, check, what: { kind: "all" as const }, reason: "cold" })));
    await until("the failure", async () => (await p.events(refund)).includes("payment.refund.failed"));
    result(await p.api.payment.cancelRefund.mutate(frame({ refund })));
    await p.simulator.mood("terminal-1", calm);
    const again = newId("refund");
    result(await p.api.payment.refund.mutate(frame({ refund: again, check, what: { kind: "all" as const }, reason: "cold" })));
    await until("the second one", async () => (await p.events(again)).includes("payment.refund.success"));
  });
});

describe("two devices at one check", () => {
  test("one starts, the other is refused and told who is at it", async () => {
    await p.simulator.mood("terminal-1", { mood: "by-hand" });
    const { check } = await p.sell();
    const asked = ["terminal-1", "qr-1"].map((provider) => frame({ payment: newId("payment"), check, provider }));
    const answers = await Promise.all(asked.map((each) => p.api.payment.startAttempt.mutate(each)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { refused: "attempt-open", by: "Mai" } });
    // Nothing is left that would end by itself while the next tests look at the log.
    const payment = asked[answers.findIndex(({ ok }) => ok)]?.input.payment ?? "";
    result(await p.api.payment.cancelAttempt.mutate(frame({ payment })));
    await p.becomes(payment, "cancelled");
    await p.simulator.mood("terminal-1", calm);
  });
});

test("the books: a closed check has 1100 = 0 and 2020 = 0, and all accounts together are zero", async () => {
  await p.caughtUp();
  const open = await p.admin`
    select e.account, e.subject, sum(e.amount)::text as sum from ledger_entries e join aggregates a on a.stream = e.subject and a.kind = 'check'
    where e.account in ('1100', '2020') and a.head ->> 'status' = 'closed' group by 1, 2 having sum(e.amount) <> 0`;
  expect(open).toEqual([]);
  expect(await p.admin`select sum(amount)::text as sum from ledger_entries where merchant_id = ${p.place.merchant}`).toEqual([{ sum: "0" }]);
  const [posted] = await p.admin`select count(distinct account)::int as n from ledger_entries where merchant_id = ${p.place.merchant} and account in ('1010', '1050', '1055', '2200', '2350', '4190', '6100')`;
  expect(posted).toEqual({ n: 7 });
});

test("OBS-9: one tap is followed from the screen to the provider's row, to what the provider tells, to the bill's file", async () => {
  // A success that comes before the answer to the asking would leave nothing to be "sent".
  await p.simulator.mood("terminal-1", { mood: "late", ms: 1_500 });
  const { check } = await p.sell();
  const payment = newId("payment");
  const tap = frame({ payment, check, provider: "terminal-1" });
  result(await p.api.payment.startAttempt.mutate(tap));
  await p.becomes(payment, "captured");
  const trace = traceIdOf(tap.commandId);
  const [request] = await p.admin`select split_part(traceparent, '-', 2) as trace, correlation from payment_requests where payment_id = ${payment} and kind = 'start'`;
  expect(request).toEqual({ trace, correlation: tap.commandId });
  const types = async (of: string) => (await p.admin<{ type: string }[]>`select type from events where envelope::jsonb ->> 'traceparent' like ${`%-${of}-%`} order by position`).map(({ type }) => type);
  // The tap, the worker's news, the provider's webhook, and what the consumer makes of it.
  const ofTheTap = ["payment.attempt.created", "payment.attempt.sent", "payment.webhook.received", "payment.attempt.success", "sale.check.paymentApplied"];
  // Whoever asks the provider may hear of the capture before its webhook comes.
  await until("all of one trace", async () => {
    const found = await types(trace);
    return ofTheTap.every((type) => found.includes(type));
  });
  await p.simulator.mood("terminal-1", calm);

  result(await p.api.check.close.mutate(frame({ check })));
  const file = frame({ document: newId("document"), check });
  result(await p.api.check.makeReceipt.mutate(file));
  await until("the file", async () => (await p.events(file.input.document)).includes("document.file.completed"));
  const [job] = await p.admin`select split_part(traceparent, '-', 2) as trace, correlation from document_jobs where document_id = ${file.input.document}`;
  expect(job).toEqual({ trace: traceIdOf(file.commandId), correlation: file.commandId });
  expect(await types(traceIdOf(file.commandId))).toEqual(expect.arrayContaining(["document.file.requested", "document.file.completed"]));
});

describe("the webhooks' door", () => {
  const TYPE = "mq-pay:attempt.success";

  async function post(body: string, more: { id?: string; at?: number; signature?: string; type?: string; provider?: string } = {}) {
    const id = more.id ?? `msg_${ulid()}`;
    const at = more.at ?? Math.floor(Date.now() / 1000);
    const signature = more.signature ?? sign(WEBHOOK_SECRET, id, at, Buffer.from(body));
    const response = await fetch(`${p.fixture.url}/webhooks/payments/${more.provider ?? "terminal-1"}`, {
      method: "POST",
      headers: { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": signature, "x-webhook-event-type": more.type ?? TYPE },
      body,
    });
    return { status: response.status, body: (await response.json()) as unknown };
  }

  test("one changed byte, a stale timestamp, no signature, a foreign provider or attempt: no effect", async () => {
    await p.simulator.mood("terminal-1", { mood: "by-hand" });
    const { payment, attempt } = await p.start((await p.sell()).check);
    await p.becomes(payment, "sent");
    const body = JSON.stringify({ type: TYPE, timestamp: new Date().toISOString(), data: { attempt, amount: "450", currency: "EUR" } });
    // The kitchen's ticket and the books of this sale are written by then.
    await p.caughtUp();
    const before = await p.admin`select count(*)::int as n from events`;
    const now = Math.floor(Date.now() / 1000);
    const id = `msg_${ulid()}`;
    const good = sign(WEBHOOK_SECRET, id, now, Buffer.from(body));
    expect(await post(body.replace('"450"', '"451"'), { id, at: now, signature: good })).toEqual({ status: 401, body: { refused: "webhook-bad-signature" } });
    expect(await post(body, { at: now - 301 })).toEqual({ status: 401, body: { refused: "webhook-stale" } });
    expect(await post(body, { signature: "" })).toEqual({ status: 401, body: { refused: "webhook-unsigned" } });
    expect(await post(body, { provider: "elsewhere" })).toEqual({ status: 404, body: { refused: "unknown-provider" } });
    expect(await post(body, { provider: "qr-1" })).toEqual({ status: 404, body: { refused: "unknown-attempt" } });
    expect(await post(body, { type: "mq-pay:attempt.failed" })).toEqual({ status: 422, body: { refused: "webhook-type-mismatch" } });
    expect(await post(body.replace(attempt, newId("attempt")))).toEqual({ status: 404, body: { refused: "unknown-attempt" } });
    expect(await post("{")).toEqual({ status: 422, body: { refused: "webhook-unreadable" } });
    expect(await post("x".repeat(70_000))).toMatchObject({ status: 413 });
    expect(await p.admin`select count(*)::int as n from events`).toEqual(before);

    expect(await post(body, { id, at: now, signature: good })).toEqual({ status: 200, body: { received: true, replayed: false } });
    expect(await post(body, { id, at: now + 1 })).toEqual({ status: 200, body: { received: true, replayed: true } });
    const other = body.replace('"450"', '"1"');
    expect(await post(other, { id, at: now + 2 })).toEqual({ status: 409, body: { refused: "webhook-id-reused" } });
    await p.becomes(payment, "captured");
    expect((await p.payment(payment)).tender.amount).toEqual(eur(450));
    expect(await successes(payment)).toBe(1);
    await p.simulator.mood("terminal-1", calm);
  });

  test("failure 17: another place's attempt cannot be named into this one's log, and screens see no webhook", async () => {
    const rows = await p.admin`select distinct merchant_id from events where stream like 'whk_%'`;
    expect(rows).toEqual([{ merchant_id: p.place.merchant }]);
    expect(topicOf("payment.webhook.received")?.seenBy).toEqual(["operate.system"]);
    // Whoever made the hub write has left the address, a provider as well; a job has none, and says whose it is and what it follows from.
    const written = await p.admin<{ source: string; actor: string; addressed: boolean; caused: boolean }[]>`
      select distinct e ->> 'source' as source, split_part(e ->> 'actor', ':', 1) as actor, e ? 'addresshash' as addressed, e ? 'causationid' as caused
      from events, lateral (select envelope::jsonb as e) x where merchant_id = ${p.place.merchant}`;
    expect(written.filter(({ source, addressed }) => (source === "/hub") !== addressed)).toEqual([]);
    expect(written).toContainEqual({ source: "/consumers/payments", actor: "consumer", addressed: false, caused: true });
    const [told] = await p.admin`select envelope::jsonb ->> 'addresshash' as from, envelope::jsonb ->> 'actor' as actor from events where type = 'payment.webhook.received' limit 1`;
    expect(told).toEqual({ from: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/), actor: "system" });
  });
});
