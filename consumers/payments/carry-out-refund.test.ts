import { describe, expect, test } from "vitest";
import { ulid } from "ulidx";
import type { PayoutState, RefundState } from "#shared/domain/payment/state.ts";
import { carryOutRefund, refundNotConfigured } from "./carry-out-refund.ts";
import type { PaymentProviderPort } from "./provider-port.ts";
import { refundRequestId, type ClaimedRequest } from "./requests.ts";

const asked = [`evt_${ulid()}`, `evt_${ulid()}`] as const;
const [first, second] = asked.map((event) => refundRequestId(event, "pay_1")) as [string, string];
const CONFLICT = { refused: "conflict" };
const NO_ANSWER = { unreachable: "no-answer", sent: true };
const NOT_FOUND = { notFound: true };
const view = (state: string, about: { readonly refund?: string; readonly request?: string } = {}) => ({ answered: { refund: "rfd_1", attempt: "att_1", state, currency: "EUR", ...about } });
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

type Told = { readonly refund?: object; readonly askRefund?: object };
const row = (request: Partial<ClaimedRequest>) =>
  ({ id: second, kind: "refund", attempt_id: "att_1", payment_id: "pay_1", refund_id: "rfd_1", body: { currency: "EUR" }, tries: 2, age_ms: 5 * SECOND, anew_ms: null, paid_unnamed: false, outcome: null, ...request }) as ClaimedRequest;
const refundAt = (payout: Partial<PayoutState>) => ({ id: "rfd_1", cancelled: false, payouts: [{ payment: "pay_1", provider: "terminal-1", status: "sent", asked: asked[1], ...payout }] }) as unknown as RefundState;
type Since = { readonly payout?: Partial<PayoutState>; readonly paidUnnamed?: boolean };
/** A row of a payout that is at its second try, unless `payout` says otherwise. `told`: what the provider answers; what it is not to be asked for throws. `since`: what has changed when it answers. */
const tried = (request: Partial<ClaimedRequest>, told: Told, payout: Partial<PayoutState> = {}, since: Since = {}) =>
  carryOutRefund(row(request), refundAt(payout), Object.fromEntries(Object.entries(told).map(([call, answer]) => [call, () => Promise.resolve(answer)])) as unknown as PaymentProviderPort, 100, () =>
    Promise.resolve({ refund: refundAt({ ...payout, ...since.payout }), paidUnnamed: since.paidUnnamed ?? false }),
  );

describe("regression: a refund that was paid unheard had failed at the next try's no, and was paid a second time under another key, or in cash", () => {
  for (const outcome of ["no-answer", "pending", "not-known"]) {
    test(`what became of a try before (${outcome}) says the provider when it is asked after it`, async () => {
      expect(await tried({ outcome }, { askRefund: view("succeeded") })).toMatchObject({ refund: { said: "success" }, againInMs: null });
      expect(await tried({ outcome }, { askRefund: view("failed") })).toMatchObject({ refund: { said: "failed" }, againInMs: null });
    });
  }

  test("whoever does not say is asked again, and after a while it is told that nobody knows", async () => {
    for (const askRefund of [CONFLICT, NO_ANSWER, { unreachable: "ECONNREFUSED", sent: false }]) {
      expect(await tried({ outcome: "no-answer" }, { askRefund })).toEqual({ outcome: "no-answer", reports: [], againInMs: 200 });
      expect(await tried({ outcome: "no-answer", tries: 3 }, { askRefund })).toMatchObject({ refund: { said: "lost" }, againInMs: 400 });
    }
  });

  test("it has failed when the provider has heard of none, and still has not some seconds later", async () => {
    expect(await tried({ outcome: "no-answer" }, { refund: CONFLICT, askRefund: NOT_FOUND })).toEqual({ outcome: "not-known", reports: [], againInMs: 200 });
    expect(await tried({ outcome: "not-known", tries: 3 }, { refund: CONFLICT, askRefund: NOT_FOUND })).toMatchObject({ outcome: "over", refund: { said: "failed", reason: "conflict" } });
    // Between the two it may have been heard again.
    expect(await tried({ outcome: "not-known", tries: 3 }, { refund: NO_ANSWER, askRefund: NOT_FOUND })).toMatchObject({ outcome: "no-answer", againInMs: 400 });
  });

  test("what can never have been heard has failed at once", async () => {
    for (const outcome of [null, "not-sent"]) expect(await tried({ outcome }, { refund: CONFLICT })).toMatchObject({ refund: { said: "failed", reason: "conflict" }, againInMs: null });
    expect(await tried({ outcome: "not-sent" }, { refund: { unreachable: "ECONNREFUSED", sent: false } })).toMatchObject({ outcome: "not-sent" });
  });
});

describe("regression: news that came while the provider took its time to say that it knows of none", () => {
  test.each([
    ["money of the payout that names no try", { paidUnnamed: true }],
    ["another try of it was paid", { payout: { status: "success", paidBy: first } }],
    ["it failed, and goes another way", { payout: { status: "failed" } }],
  ] as const)("%s: it is not asked for beside them, and the next claim goes by them", async (_, since) => {
    for (const outcome of ["no-answer", "not-known"]) expect(await tried({ outcome }, { askRefund: NOT_FOUND }, {}, since)).toEqual({ outcome, reports: [], againInMs: 0 });
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
    expect(await tried({ outcome: null }, {}, { status: "failed" })).toMatchObject({ outcome: "not-wanted" });
  });
});

describe("regression: what counted as failed and may have been heard was asked after no more, so that nobody was told when it was paid", () => {
  const failed = { status: "failed" } as const;
  test("it is asked after, ever less often, and never asked for", async () => {
    for (const askRefund of [NOT_FOUND, CONFLICT, NO_ANSWER]) expect(await tried({ outcome: "over", tries: 30 }, { askRefund }, failed)).toEqual({ outcome: "over", reports: [], againInMs: 10 * MINUTE });
    expect(await tried({ outcome: "no-answer", tries: 30 }, { askRefund: view("pending") }, failed)).toMatchObject({ againInMs: 10 * MINUTE });
  });

  test("also when it was given in cash meanwhile", async () => {
    const inCash = { status: "success", asked: undefined, provider: undefined } as unknown as Partial<PayoutState>;
    expect(await tried({ outcome: "over" }, { askRefund: view("succeeded") }, inCash)).toMatchObject({ refund: { said: "success" }, againInMs: null });
    expect(await tried({ outcome: null }, {}, inCash)).toMatchObject({ outcome: "not-wanted", againInMs: null });
  });

  test("for longer than a week while the provider has it under way, and no longer where nobody knows the provider any more", async () => {
    expect(await tried({ outcome: "pending", age_ms: 8 * 24 * HOUR }, { askRefund: view("succeeded") }, failed)).toMatchObject({ refund: { said: "success" } });
    expect(refundNotConfigured(row({ outcome: "over", age_ms: 8 * 24 * HOUR }), refundAt(failed), 100)).toMatchObject({ outcome: "over", againInMs: null });
    expect(refundNotConfigured(row({ outcome: "over", age_ms: HOUR }), refundAt(failed), 100).againInMs).toBeGreaterThan(0);
  });

  test("regression: one silence of a provider that had it under way for more than a week ended its asking", async () => {
    for (const askRefund of [NO_ANSWER, CONFLICT, { unreachable: "ECONNREFUSED", sent: false }]) {
      expect(await tried({ outcome: "pending", age_ms: 8 * 24 * HOUR, tries: 30 }, { askRefund }, failed)).toEqual({ outcome: "pending", reports: [], againInMs: 10 * MINUTE });
    }
    expect(refundNotConfigured(row({ outcome: "pending", age_ms: 8 * 24 * HOUR }), refundAt(failed), 100)).toMatchObject({ outcome: "over", againInMs: null });
  });

  test("until the provider says what became of it, or for a week", async () => {
    expect(await tried({ outcome: "over" }, { askRefund: view("succeeded") }, failed)).toMatchObject({ refund: { said: "success" }, againInMs: null });
    expect(await tried({ outcome: "over" }, { askRefund: view("failed") }, failed)).toMatchObject({ againInMs: null });
    expect(await tried({ outcome: "over", age_ms: 8 * 24 * HOUR }, {}, failed)).toEqual({ outcome: "over", reports: [], againInMs: null });
    expect(await tried({ outcome: "no-answer", age_ms: 8 * 24 * HOUR }, {}, { status: "success", paidBy: first })).toMatchObject({ againInMs: null });
  });
});

describe("regression: what may have been heard was asked for again and again, and paid anew by a provider whose memory of keys was over", () => {
  test("it is asked after first, and asked for once more only when the provider has heard of none", async () => {
    for (const outcome of ["no-answer", "pending", "not-known"]) expect(await tried({ outcome }, { askRefund: NO_ANSWER })).toMatchObject({ outcome: outcome === "pending" ? "pending" : "no-answer" });
    expect(await tried({ outcome: "no-answer" }, { refund: view("succeeded"), askRefund: NOT_FOUND })).toMatchObject({ refund: { said: "success" } });
  });

  test("and never half a day after its first try", async () => {
    const age_ms = 12 * HOUR;
    expect(await tried({ outcome: "no-answer", age_ms }, { askRefund: view("succeeded") })).toMatchObject({ refund: { said: "success" }, againInMs: null });
    expect(await tried({ outcome: "no-answer", age_ms }, { askRefund: NOT_FOUND })).toMatchObject({ outcome: "not-known" });
    expect(await tried({ outcome: "not-known", age_ms }, { askRefund: NOT_FOUND })).toMatchObject({ outcome: "over", refund: { said: "failed", reason: "not-found" } });
    // What cannot have been heard is asked for, however late.
    expect(await tried({ outcome: "not-sent", age_ms }, { refund: view("succeeded") })).toMatchObject({ refund: { said: "success" } });
  });
});

describe("regression: a refund that was under way without end was no open point", () => {
  test("what the provider calls pending for minutes is told as unknown, and asked after", async () => {
    expect(await tried({ outcome: "pending" }, { askRefund: view("pending") })).toMatchObject({ refund: { said: "sent" }, againInMs: 200 });
    expect(await tried({ outcome: "pending", age_ms: 2 * MINUTE }, { askRefund: view("pending") })).toMatchObject({ outcome: "pending", refund: { said: "lost", reason: "pending", currency: "EUR" }, againInMs: 200 });
  });

  test("so is one of a provider that is not configured, which has heard of nothing by that", () => {
    expect(refundNotConfigured(row({ tries: 1 }), refundAt({}), 100)).toEqual({ outcome: "not-sent", reports: [], againInMs: 100 });
    expect(refundNotConfigured(row({ tries: 1, age_ms: 2 * MINUTE }), refundAt({}), 100)).toMatchObject({ refund: { said: "lost", reason: "not-configured" } });
    expect(refundNotConfigured(row({ outcome: "no-answer" }), refundAt({}), 100)).toMatchObject({ outcome: "no-answer" });
    expect(refundNotConfigured(row({ outcome: "pending" }), refundAt({}), 100)).toMatchObject({ outcome: "pending" });
    expect(refundNotConfigured(row({}), refundAt({ status: "failed" }), 100)).toMatchObject({ outcome: "not-wanted", againInMs: null });
  });
});

describe("a row that had ended and begins anew, because money was told of without naming its try", () => {
  const anew = { anew_ms: SECOND, age_ms: 8 * 24 * HOUR, tries: 1 };
  const payouts = [{ status: "unknown" }, { status: "pending" }, { status: "failed" }, { status: "success", paidBy: first }] as const;
  test("is asked after, and never asked for, whatever had been heard and whatever the payout waits for", async () => {
    for (const payout of payouts) {
      for (const outcome of ["refused", "failed", "over", "not-sent", null]) {
        expect(await tried({ ...anew, outcome }, { askRefund: NOT_FOUND }, payout)).toEqual({ outcome: "over", reports: [], againInMs: null });
        if (outcome === null || outcome === "not-sent") continue;
        expect(await tried({ ...anew, outcome }, { askRefund: view("succeeded") }, payout)).toMatchObject({ refund: { said: "success" }, againInMs: null });
        expect(await tried({ ...anew, outcome }, { askRefund: view("failed") }, payout)).toMatchObject({ refund: { said: "failed" }, againInMs: null });
      }
    }
  });

  test("until the provider answers, or for a week more", async () => {
    for (const askRefund of [NO_ANSWER, CONFLICT]) expect((await tried({ ...anew, outcome: "failed", tries: 30 }, { askRefund }, { status: "failed" })).againInMs).toBe(10 * MINUTE);
    expect(await tried({ ...anew, anew_ms: 8 * 24 * HOUR, outcome: "over" }, {}, { status: "failed" })).toEqual({ outcome: "over", reports: [], againInMs: null });
  });
});

describe("regression: a try was asked for, or had failed, while the provider had told of money without naming a try", () => {
  test("it is asked after alone, whatever had been heard, and ends without a no when the provider has heard of none: nobody knows, and people can say", async () => {
    for (const outcome of [null, "not-sent", "no-answer"]) expect(await tried({ paid_unnamed: true, outcome }, { askRefund: NOT_FOUND })).toMatchObject({ outcome: "not-known", againInMs: 200 });
    expect(await tried({ paid_unnamed: true, outcome: "not-known" }, { askRefund: NOT_FOUND })).toEqual({ outcome: "over", reports: [], refund: { said: "lost", reason: "not-found" }, againInMs: null });
    expect(await tried({ paid_unnamed: true, outcome: "over" }, { askRefund: NOT_FOUND }, { status: "failed" })).toEqual({ outcome: "over", reports: [], againInMs: null });
    expect(await tried({ paid_unnamed: true, outcome: null }, { askRefund: view("succeeded") })).toMatchObject({ refund: { said: "success" }, againInMs: null });
  });
});

describe("regression: a refund that the provider had under way, and whose key it then knew no more, had failed, and could be paid a second time", () => {
  test("it is not asked for once more and has not failed: nobody knows, however often that is said, and people are told", async () => {
    for (const age_ms of [5 * SECOND, 25 * HOUR]) {
      for (const tries of [2, 30]) {
        expect(await tried({ outcome: "pending", age_ms, tries }, { askRefund: NOT_FOUND })).toEqual({ outcome: "pending", reports: [], refund: { said: "lost", reason: "not-found" }, againInMs: tries === 2 ? 200 : MINUTE });
      }
    }
  });

  test("nor when it was silent in between", async () => {
    for (const askRefund of [NO_ANSWER, CONFLICT, view("succeeded", { refund: "rfd_2" })]) expect(await tried({ outcome: "pending" }, { askRefund })).toMatchObject({ outcome: "pending" });
  });

  test("once people have decided it is asked after like any other", async () => {
    expect(await tried({ outcome: "pending" }, { askRefund: NOT_FOUND }, { status: "failed" })).toEqual({ outcome: "over", reports: [], againInMs: 200 });
  });
});

test("regression: what the provider said of another try, or of another refund, was taken for this one's", async () => {
  for (const outcome of [null, "no-answer"]) {
    const told = (answer: object) => tried({ outcome }, outcome === null ? { refund: answer } : { askRefund: answer });
    expect(await told(view("succeeded", { request: first }))).toEqual({ outcome: "no-answer", reports: [], refund: { said: "success", currency: "EUR", request: first }, againInMs: 200 });
    expect(await told(view("failed", { request: first }))).toEqual({ outcome: "no-answer", reports: [], againInMs: 200 });
    expect(await told(view("succeeded", { refund: "rfd_2" }))).toEqual({ outcome: "no-answer", reports: [], againInMs: 200 });
    expect(await told(view("succeeded", { request: second }))).toMatchObject({ refund: { said: "success" }, againInMs: null });
  }
});
