import { afterAll, beforeAll, expect, test } from "vitest";
import { frame, makePlace, newId, result, until } from "#hub/testing/hub-fixture.ts";
import type { RefundState } from "#shared/domain/payment/state.ts";
import { eur, payingPlace, type PayingPlace } from "./testing/paying-place.ts";

let p: PayingPlace;
beforeAll(async () => {
  p = await payingPlace();
}, 90_000);
afterAll(async () => {
  await p.stop();
});

const becomes = (refund: string, status: string) => until(`payout ${status}`, async () => (await p.state<RefundState>(refund)).payouts[0]?.status === status);

/** A refund that the terminal does (`lose-connection`) or never hears of (`offline`), and does not answer. */
async function unanswered(mood: "lose-connection" | "offline"): Promise<{ readonly refund: string; readonly payment: string }> {
  await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
  const { check } = await p.sell(2);
  const { payment } = await p.start(check);
  await p.becomes(payment, "captured");
  result(await p.api.check.close.mutate(frame({ check })));
  await p.simulator.mood("terminal-1", { mood });
  const refund = newId("refund");
  result(await p.api.payment.refund.mutate(frame({ refund, check, what: { kind: "amount" as const, amount: eur(300) }, reason: "cold" })));
  await becomes(refund, "unknown");
  return { refund, payment };
}

test("a cashier says that it was paid with a manager's yes, good for this once; another house knows nothing of it", async () => {
  const unknown = await unanswered("lose-connection");
  const decided = { ...unknown, outcome: "paid" as const, reason: "their page" };
  const cashier = await p.place.login("Carla", ["floor.seat", "order.take", "check.settle"]);
  const stranger = await (await makePlace(p.fixture)).login("Stranger");
  expect(await stranger.api.payment.resolvePayout.mutate(frame(decided))).toMatchObject({ ok: false, refusal: { refused: "unknown-refund" } });

  const no = await cashier.api.payment.resolvePayout.mutate(frame(decided));
  expect(no).toMatchObject({ ok: false, refusal: { refused: "approval-required", action: "resolve-unknown" } });
  const approval = newId("approval");
  const subject = { target: unknown.payment, purpose: "payout-paid" as const, refund: unknown.refund, amount: eur(300), reason: decided.reason };
  result(await cashier.api.approval.request.mutate(frame({ approval, action: "resolve-unknown" as const, subject })));
  expect(await cashier.api.payment.resolvePayout.mutate(frame({ ...decided, approval }))).toMatchObject({ ok: false, refusal: { refused: "approval-pending" } });
  result(await p.api.approval.grant.mutate(frame({ approval })));
  result(await cashier.api.payment.resolvePayout.mutate(frame({ ...decided, approval })));
  expect(await cashier.api.payment.resolvePayout.mutate(frame({ ...decided, approval }))).toMatchObject({ ok: false, refusal: { refused: "payout-not-unknown", status: "success" } });

  await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
  await until("the provider was asked after it", async () => (await p.admin`select from payment_requests where refund_id = ${unknown.refund} and state = 'done'`).length === 1);
  await p.caughtUp();
  expect((await p.events(unknown.refund)).filter((type) => type.startsWith("payment.refund.success") || type === "payment.refund.paidLate")).toEqual(["payment.refund.success"]);
}, 60_000);

test("what was said not to be paid goes again", async () => {
  const { refund, payment } = await unanswered("offline");
  result(await p.api.payment.resolvePayout.mutate(frame({ refund, payment, outcome: "not-paid" as const, reason: "their page" })));
  expect((await p.state<RefundState>(refund)).payouts).toMatchObject([{ status: "failed", reason: "their page" }]);
  await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
  result(await p.api.payment.retryRefund.mutate(frame({ refund, payment, by: "same" as const })));
  await becomes(refund, "success");
  expect((await p.simulator.state("terminal-1")).refunds.filter((one) => one.refund === refund && one.state === "succeeded")).toHaveLength(1);
}, 60_000);
