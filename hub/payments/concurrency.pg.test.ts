import { afterAll, beforeAll, expect, test } from "vitest";
import { frame, newId, result, until } from "#hub/testing/hub-fixture.ts";
import { eur, payingPlace, type PayingPlace } from "./testing/paying-place.ts";

/** Two hubs, each in a process of its own, that share nothing but the log: what one remembers, the other has changed. */
let p: PayingPlace;
let other: Awaited<ReturnType<PayingPlace["otherHub"]>>;
beforeAll(async () => {
  p = await payingPlace();
  other = await p.otherHub();
}, 90_000);
afterAll(async () => {
  other.stop();
  await p.stop();
});

const ROUNDS = 8;

/** Both asked at once. Exactly one wins; the other's answer says why, and nothing at all was written for it. */
async function race<A extends { readonly ok: boolean }>(ours: { readonly commandId: string }, theirs: { readonly commandId: string }, answers: readonly [Promise<A>, Promise<A>]): Promise<{ readonly first: boolean; readonly lost: A }> {
  const came = await Promise.all(answers);
  expect(came.filter(({ ok }) => ok)).toHaveLength(1);
  const first = came[0].ok;
  const loser = first ? theirs : ours;
  expect(await p.admin`select type from (select envelope::jsonb ->> 'type' as type from events where command_id = ${loser.commandId}) written`).toEqual([]);
  return { first, lost: came[first ? 1 : 0] };
}
const inDrawer = async () => BigInt((await p.state<{ expected: { amount: string } }>(p.drawer)).expected.amount);

test("failure 5: one check paid from two devices at two hubs: one winner, a truthful answer for the other", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { check } = await p.sell();
    const before = await inDrawer();
    const cash = frame({ payment: newId("payment"), check, drawer: p.drawer, tendered: eur(500) });
    const card = frame({ payment: newId("payment"), check, slip: "1" });
    const { first, lost } = await race(cash, card, [p.api.payment.takeCash.mutate(cash), other.api.payment.takeCard.mutate(card)]);
    expect(lost).toMatchObject({ refusal: { refused: "nothing-due", check } });
    expect((await p.check(check)).tenders.map(({ payment }) => payment)).toEqual([(first ? cash : card).input.payment]);
    expect(await inDrawer()).toBe(before + (first ? 450n : 0n));
  }
});

test("failure 5: one part of a bill paid from two devices at two hubs: one winner; the other part is still there to be paid", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { check } = await p.sell(2);
    const parts = [newId("part"), newId("part")] as const;
    result(await p.api.check.setParts.mutate(frame({ check, parts: parts.map((part, i) => ({ part, name: `Guest ${i + 1}`, amount: null })) })));
    const [ours, theirs] = [1, 2].map((slip) => frame({ payment: newId("payment"), check, part: parts[0], slip: String(slip) })) as [ReturnType<typeof frame<{ payment: string; check: string; part: string; slip: string }>>, ReturnType<typeof frame<{ payment: string; check: string; part: string; slip: string }>>];
    const { lost } = await race(ours, theirs, [p.api.payment.takeCard.mutate(ours), other.api.payment.takeCard.mutate(theirs)]);
    expect(lost).toMatchObject({ refusal: { refused: "part-paid", part: parts[0] } });
    expect(await p.check(check)).toMatchObject({ status: "open", tenders: [{ part: parts[0], amount: eur(450) }] });
    result(await other.api.payment.takeCard.mutate(frame({ payment: newId("payment"), check, part: parts[1], slip: "3" })));
    expect((await p.check(check)).status).toBe("paid");
  }
});

test("one check at two terminals at two hubs: one attempt", async () => {
  await p.simulator.mood("terminal-1", { mood: "by-hand" });
  for (let round = 0; round < ROUNDS; round++) {
    const { check } = await p.sell();
    const at = (api: PayingPlace["api"], provider: string) => api.payment.startAttempt.mutate(frame({ payment: newId("payment"), check, provider }));
    const answers = await Promise.all([at(p.api, "terminal-1"), at(other.api, "qr-1")]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { refused: "attempt-open", amount: eur(450), by: "Mai" } });
    expect((await p.check(check)).attempts).toHaveLength(1);
  }
});

test("two refunds at two hubs: never more than was captured", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { check } = await p.sell(2);
    const payment = newId("payment");
    result(await p.api.payment.takeCard.mutate(frame({ payment, check, slip: "1" })));
    result(await p.api.check.close.mutate(frame({ check })));
    const ask = () => frame({ refund: newId("refund"), check, what: { kind: "amount" as const, amount: eur(500) }, reason: "cold" });
    const [ours, theirs] = [ask(), ask()];
    const { lost } = await race(ours, theirs, [p.api.payment.refund.mutate(ours), other.api.payment.refund.mutate(theirs)]);
    expect(lost).toMatchObject({ refusal: { refused: "over-refundable", refundable: eur(400) } });
    expect((await p.payment(payment)).refunds).toHaveLength(1);
  }
  const numbers = await p.admin<{ n: string }[]>`select envelope::jsonb -> 'data' ->> 'number' as n from events where envelope::jsonb ->> 'type' = 'payment.refund.created' order by stream_version, position`;
  expect(numbers.map(({ n }) => n).sort()).toEqual(Array.from({ length: ROUNDS }, (_, i) => `R${String(i + 1).padStart(6, "0")}`));
});

test("failure 16: the same refund sent again after going back gets the first answer and gives nothing twice", async () => {
  const { check } = await p.sell();
  const payment = newId("payment");
  result(await p.api.payment.takeCash.mutate(frame({ payment, check, drawer: p.drawer, tendered: eur(500) })));
  result(await p.api.check.close.mutate(frame({ check })));
  const again = frame({ refund: newId("refund"), check, what: { kind: "all" as const }, reason: "cold", drawer: p.drawer });
  const [first, second] = await Promise.all([p.api.payment.refund.mutate(again), other.api.payment.refund.mutate(again)]);
  expect(result(second)).toEqual(result(first));
  expect((await p.events(p.drawer)).filter((type) => type === "cash.drawer.cashReturned")).toHaveLength(1);
});

test("a webhook is acknowledged without any consumer, and applied when one is there again", async () => {
  await p.simulator.mood("terminal-1", { mood: "by-hand" });
  const { check } = await p.sell();
  const { payment, attempt } = await p.start(check);
  await p.becomes(payment, "sent");
  p.killConsumers();
  await p.simulator.guest("terminal-1", attempt, "approve");
  await until("the acknowledgement", async () => (await p.simulator.state("terminal-1")).deliveries.some((one) => one.attempt === attempt && one.status === 200));
  expect((await p.payment(payment)).status).toBe("sent");
  p.startConsumers();
  await p.becomes(payment, "captured");
  expect((await p.events(payment)).filter((type) => type === "payment.attempt.success")).toHaveLength(1);
  expect((await p.check(check)).status).toBe("paid");
}, 60_000);

test("a worker that is killed while it asks: the guest is asked once and charged once", async () => {
  await p.simulator.mood("terminal-1", { mood: "by-hand" });
  const { check } = await p.sell();
  // The terminal has it; whether the answer reaches the worker before it dies does not matter.
  const { payment, attempt } = await p.start(check);
  await until("the terminal asks the guest", async () => (await p.simulator.state("terminal-1")).attempts.some((one) => one.attempt === attempt));
  p.killConsumers();
  p.startConsumers();
  await p.simulator.guest("terminal-1", attempt, "approve");
  await p.becomes(payment, "captured");
  expect((await p.simulator.state("terminal-1")).attempts.filter((one) => one.attempt === attempt)).toHaveLength(1);
  expect((await p.events(payment)).filter((type) => type === "payment.attempt.success")).toHaveLength(1);
}, 60_000);
