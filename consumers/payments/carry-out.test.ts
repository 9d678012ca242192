import { expect, test } from "vitest";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import { carryOut } from "./carry-out.ts";
import type { PaymentProviderPort } from "./provider-port.ts";
import type { ClaimedRequest } from "./requests.ts";

const MOST_TRIES = 4;
/** A port that nobody listens at: nothing leaves us. */
const gone = { start: () => Promise.resolve({ unreachable: "ECONNREFUSED", sent: false }) } as unknown as PaymentProviderPort;
const started = (request: Pick<ClaimedRequest, "outcome" | "tries">, payment: Pick<PaymentState, "pending">) =>
  carryOut({
    request: { kind: "start", attempt_id: "att_1", body: { currency: "EUR" }, id: "prq_1", ...request } as ClaimedRequest,
    payment: { status: "created", ...payment } as PaymentState,
    provider: gone,
    baseMs: 100,
    expired: false,
    isQueued: () => Promise.resolve(false),
  });
const cancelling = { pending: { request: "cancel" } } as Pick<PaymentState, "pending">;

test("regression: a start that may have been heard was cancelled as never sent, and the terminal not told to stop", async () => {
  expect(await started({ outcome: "no-answer", tries: 2 }, cancelling)).toEqual({ outcome: "stopped", reports: [], againInMs: null });
  expect(await started({ outcome: null, tries: 1 }, cancelling)).toMatchObject({ outcome: "never-sent", reports: [{ said: "cancelled", from: "hub" }] });
  expect(await started({ outcome: "unreachable", tries: 2 }, cancelling)).toMatchObject({ outcome: "never-sent" });
});

test("PAY-24: what may have been heard once is lost, not failed, however often it is not heard afterwards", async () => {
  expect((await started({ outcome: "no-answer", tries: MOST_TRIES }, { pending: null })).reports).toMatchObject([{ said: "lost" }]);
  expect((await started({ outcome: "unreachable", tries: MOST_TRIES }, { pending: null })).reports).toMatchObject([{ said: "failed" }]);
});
