import { expect, test } from "vitest";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import { carryOut, leaseMsFor } from "./carry-out.ts";
import type { PaymentProviderPort } from "./provider-port.ts";
import type { ClaimedRequest } from "./requests.ts";

const MOST_TRIES = 4;
/** Whose key was changed. */
const refusing = { start: () => Promise.resolve({ refused: "http-401" }) } as unknown as PaymentProviderPort;
/** A port that nobody listens at: nothing leaves us. */
const gone = { start: () => Promise.resolve({ unreachable: "ECONNREFUSED", sent: false }) } as unknown as PaymentProviderPort;
const started = (request: Pick<ClaimedRequest, "outcome" | "tries">, payment: Pick<PaymentState, "pending">, provider = gone) =>
  carryOut({
    request: { kind: "start", attempt_id: "att_1", body: { currency: "EUR" }, id: "prq_1", ...request } as ClaimedRequest,
    payment: { status: "created", ...payment } as PaymentState,
    provider,
    baseMs: 100,
    expired: false,
    isQueued: () => Promise.resolve(false),
  });
const cancelling = { pending: { request: "cancel" } } as Pick<PaymentState, "pending">;

test("regression: a start that may have been heard was cancelled as never sent, and the terminal not told to stop", async () => {
  expect(await started({ outcome: "no-answer", tries: 2 }, cancelling)).toEqual({ outcome: "stopped", reports: [], againInMs: null });
  expect(await started({ outcome: null, tries: 1 }, cancelling)).toMatchObject({ outcome: "never-sent", reports: [{ said: "cancelled", from: "hub" }] });
  expect(await started({ outcome: "not-sent", tries: 2 }, cancelling)).toMatchObject({ outcome: "never-sent" });
});

test("PAY-24: what may have been heard once is lost, not failed, however often it is not heard afterwards", async () => {
  expect((await started({ outcome: "no-answer", tries: MOST_TRIES }, { pending: null })).reports).toMatchObject([{ said: "lost" }]);
  expect((await started({ outcome: "not-sent", tries: MOST_TRIES }, { pending: null })).reports).toMatchObject([{ said: "failed" }]);
});

test("regression: a start that may have been heard, and was answered with an error at the next try, had failed, so that the guest could be charged anew", async () => {
  expect(await started({ outcome: "no-answer", tries: 2 }, { pending: null }, refusing)).toMatchObject({ outcome: "no-answer", reports: [], againInMs: 100 });
  expect((await started({ outcome: "no-answer", tries: MOST_TRIES }, { pending: null }, refusing)).reports).toMatchObject([{ said: "lost", reason: "http-401" }]);
  for (const outcome of [null, "not-sent"]) expect((await started({ outcome, tries: 2 }, { pending: null }, refusing)).reports).toMatchObject([{ said: "failed", from: "provider" }]);
});

const toldTo = (kind: "cancel" | "increment", answer: object, request: Pick<ClaimedRequest, "outcome" | "tries">) =>
  carryOut({
    request: { kind, attempt_id: "att_1", body: { currency: "EUR" }, id: "prq_2", ...request } as ClaimedRequest,
    payment: { status: "sent", pending: { request: kind } } as PaymentState,
    provider: { [kind]: () => Promise.resolve(answer) } as unknown as PaymentProviderPort,
    baseMs: 100,
    expired: false,
    isQueued: () => Promise.resolve(false),
  });

test("regression: a cancel that overtook its start was over at the first word that there is nothing to cancel, and the guest was charged afterwards", async () => {
  expect(await toldTo("cancel", { notFound: true }, { outcome: null, tries: 1 })).toMatchObject({ reports: [], againInMs: 50 });
  // Our own end: what is charged after it is booked, and told as late.
  expect(await toldTo("cancel", { notFound: true }, { outcome: "not-found", tries: MOST_TRIES })).toMatchObject({ reports: [{ said: "cancelled", from: "hub" }], againInMs: null });
});

test("regression: what was asked for and may have been done counted as refused when the next try was: asking finds out", async () => {
  expect(await toldTo("increment", { refused: "conflict" }, { outcome: "no-answer", tries: 2 })).toMatchObject({ reports: [], againInMs: 100 });
  expect(await toldTo("increment", { refused: "conflict" }, { outcome: "no-answer", tries: MOST_TRIES })).toMatchObject({ reports: [], againInMs: null });
  expect((await toldTo("increment", { refused: "conflict" }, { outcome: null, tries: 1 })).reports).toMatchObject([{ said: "refused" }]);
});

test("regression: a row whose two calls both took their whole time was taken up by another before the second was over", async () => {
  const TIMEOUT_MS = 60_000;
  let passed = 0;
  const slow = <Answer>(answer: Answer) => () => {
    passed += TIMEOUT_MS;
    return Promise.resolve(answer);
  };
  await carryOut({
    request: { kind: "ask", attempt_id: "att_1", body: { currency: "EUR" }, id: "prq_3", outcome: null, tries: 1 } as ClaimedRequest,
    payment: { status: "sent", pending: null } as PaymentState,
    provider: { ask: slow({ answered: { attempt: "att_1", state: "pending", currency: "EUR" } }), cancel: slow({ unreachable: "no-answer", sent: true }) } as unknown as PaymentProviderPort,
    baseMs: 100,
    expired: true,
    isQueued: () => Promise.resolve(false),
  });
  expect(passed).toBe(2 * TIMEOUT_MS);
  expect(leaseMsFor(TIMEOUT_MS)).toBeGreaterThan(passed);
});
