import { describe, expect, test } from "vitest";
import { ulid } from "ulidx";
import type { PayoutState, RefundState } from "#shared/domain/payment/state.ts";
import { carryOutRefund } from "./carry-out.ts";
import type { PaymentProviderPort } from "./provider-port.ts";
import { refundRequestId, type ClaimedRequest } from "./requests.ts";

const asked = [`evt_${ulid()}`, `evt_${ulid()}`] as const;
const [first, second] = asked.map((event) => refundRequestId(event, "pay_1")) as [string, string];
const CONFLICT = { refused: "conflict" };
const NO_ANSWER = { unreachable: "no-answer", sent: true };
const NOT_FOUND = { notFound: true };
const view = (state: string) => ({ answered: { refund: "rfd_1", attempt: "att_1", state, currency: "EUR" } });

type Told = { readonly refund?: object; readonly askRefund?: object };
/** A row of a payout that is at its second try, unless `payout` says otherwise. `told`: what the provider answers; what it is not to be asked for throws. */
const tried = (request: Partial<ClaimedRequest>, told: Told, payout: Partial<PayoutState> = {}) =>
  carryOutRefund(
    { id: second, kind: "refund", attempt_id: "att_1", payment_id: "pay_1", refund_id: "rfd_1", body: { currency: "EUR" }, tries: 2, outcome: null, ...request } as ClaimedRequest,
    { id: "rfd_1", cancelled: false, payouts: [{ payment: "pay_1", provider: "terminal-1", status: "sent", asked: asked[1], ...payout }] } as unknown as RefundState,
    Object.fromEntries(Object.entries(told).map(([call, answer]) => [call, () => Promise.resolve(answer)])) as unknown as PaymentProviderPort,
    100,
  );

describe("regression: a refund that was paid unheard had failed at the next try's no, and was paid a second time under another key, or in cash", () => {
  for (const outcome of ["no-answer", "pending", "not-known"]) {
    test(`what became of a try before (${outcome}) says the provider when it is asked after it`, async () => {
      expect(await tried({ outcome }, { refund: CONFLICT, askRefund: view("succeeded") })).toMatchObject({ refund: { said: "success" }, againInMs: null });
      expect(await tried({ outcome }, { refund: CONFLICT, askRefund: view("failed") })).toMatchObject({ refund: { said: "failed" }, againInMs: null });
    });
  }

  test("whoever does not say is asked again, and after a while it is told that nobody knows", async () => {
    for (const askRefund of [CONFLICT, NO_ANSWER, { unreachable: "ECONNREFUSED", sent: false }]) {
      expect(await tried({ outcome: "no-answer" }, { refund: CONFLICT, askRefund })).toEqual({ outcome: "no-answer", reports: [], againInMs: 200 });
      expect(await tried({ outcome: "no-answer", tries: 3 }, { refund: CONFLICT, askRefund })).toMatchObject({ refund: { said: "lost" }, againInMs: 400 });
    }
  });

  test("it has failed when the provider has heard of none, and still has not some seconds later", async () => {
    expect(await tried({ outcome: "no-answer" }, { refund: CONFLICT, askRefund: NOT_FOUND })).toEqual({ outcome: "not-known", reports: [], againInMs: 200 });
    expect(await tried({ outcome: "not-known", tries: 3 }, { refund: CONFLICT, askRefund: NOT_FOUND })).toMatchObject({ refund: { said: "failed", reason: "conflict" }, againInMs: null });
    // Between the two it may have been heard again.
    expect(await tried({ outcome: "not-known", tries: 3 }, { refund: NO_ANSWER })).toMatchObject({ outcome: "no-answer", againInMs: 400 });
  });

  test("what can never have been heard has failed at once", async () => {
    for (const outcome of [null, "not-sent"]) expect(await tried({ outcome }, { refund: CONFLICT })).toMatchObject({ refund: { said: "failed", reason: "conflict" }, againInMs: null });
    expect(await tried({ outcome: "not-sent" }, { refund: { unreachable: "ECONNREFUSED", sent: false } })).toMatchObject({ outcome: "not-sent" });
  });
});

describe("a payout that was paid for another try", () => {
  const paid = { status: "success", paidBy: first } as const;
  test("is not asked for once more, but asked after when that may have been heard", async () => {
    expect(await tried({ outcome: null }, {}, paid)).toMatchObject({ outcome: "not-wanted", againInMs: null });
    expect(await tried({ outcome: "no-answer" }, { askRefund: view("succeeded") }, paid)).toMatchObject({ refund: { said: "success" }, againInMs: null });
    expect(await tried({ outcome: "pending" }, { askRefund: view("pending") }, paid)).toMatchObject({ againInMs: 200 });
  });

  test("and what is known of a row is not asked again", async () => {
    expect(await tried({ outcome: "pending" }, {}, { status: "success", paidBy: second })).toMatchObject({ outcome: "not-wanted" });
    expect(await tried({ outcome: "pending" }, {}, { status: "failed" })).toMatchObject({ outcome: "not-wanted" });
  });
});
