import { ulid } from "ulidx";
import type { AttemptView, RefundView, WebhookBody } from "#shared/protocol/payment-provider.ts";
import type { Books } from "./books.ts";
import type { Mood } from "./moods.ts";
import { Webhooks, type Undelivered } from "./webhooks.ts";

export type ProviderOptions = { readonly name: string; readonly kind: "terminal" | "qr"; readonly apiKey: string; readonly webhookSecret: string; readonly webhookUrl: string; /** Where a guest's telephone finds this simulator. */ readonly publicUrl: string };
/** What a provider still knows after it was killed. */
export type Remembered = { readonly mood: Mood; readonly attempts: readonly Attempt[]; readonly refunds: readonly (readonly [string, Refund])[]; readonly answers: readonly (readonly [string, Reply])[]; readonly undelivered: readonly Undelivered[] };
type Attempt = { -readonly [K in keyof AttemptView]: AttemptView[K] } & { capture: "now" | "later"; readonly createdAt: string };
type Refund = { -readonly [K in keyof RefundView]: RefundView[K] };
/** What a call comes to: a view, or a status with a reason. */
export type Reply = { readonly status: number; readonly body: unknown };
export type Asked = { readonly amount?: string; readonly tip?: string; readonly currency: string; readonly capture?: "now" | "later" };

const FEE_PER_MILLE = 15n;
/** That a guest has paid comes otherwise than once, soon and signed. */
const TELLS_OTHERWISE: ReadonlySet<Mood["mood"]> = new Set(["late", "twice", "out-of-order", "no-webhooks", "wrong-signature"]);
const ok = (body: unknown): Reply => ({ status: 200, body });
const refused = (reason: string, status = 422): Reply => ({ status, body: { refused: reason } });
const NOT_FOUND: Reply = { status: 404, body: { refused: "not-found" } };

/** One provider's books: attempts and refunds, what guests do with them, and what is told of it. */
export class SimulatedProvider {
  readonly options: ProviderOptions;
  readonly webhooks: Webhooks;
  readonly #attempts = new Map<string, Attempt>();
  readonly #refunds = new Map<string, Refund>();
  /** The same key is the same wish. */
  readonly #answers = new Map<string, Reply>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #books: Books<Remembered> | undefined;
  #mood: Mood = { mood: "ok", ms: 1_500 };
  #met = 0;

  /** With books, an end without a word costs nothing: what was answered or told is in them. */
  constructor(options: ProviderOptions, books?: Books<Remembered>) {
    this.options = options;
    this.webhooks = new Webhooks({ secret: options.webhookSecret, url: options.webhookUrl }, () => this.keep());
    this.#books = books;
    const remembered = books?.read();
    if (remembered !== undefined) this.#goOn(remembered);
  }

  #goOn({ mood, attempts, refunds, answers, undelivered }: Remembered): void {
    this.setMood(mood);
    for (const attempt of attempts) this.#attempts.set(attempt.attempt, attempt);
    for (const [key, refund] of refunds) this.#refunds.set(key, refund);
    for (const [key, reply] of answers) this.#answers.set(key, reply);
    for (const attempt of attempts) if (attempt.state === "pending") this.#guestDecides(attempt.attempt);
    for (const [, refund] of refunds) if (refund.state === "pending") this.#payOut(refund);
    this.webhooks.goOn(undelivered);
  }

  /** Before anybody hears of it. */
  keep(): void {
    this.#books?.write({ mood: this.#mood, attempts: this.attempts, refunds: [...this.#refunds], answers: [...this.#answers], undelivered: this.webhooks.undelivered });
  }

  get mood(): Mood {
    return this.#mood;
  }

  /** How often somebody came upon the mood since it was set. */
  get met(): number {
    return this.#met;
  }

  meets(): void {
    this.#met++;
  }

  get attempts(): readonly Attempt[] {
    return [...this.#attempts.values()];
  }

  get refunds(): readonly Refund[] {
    return [...this.#refunds.values()];
  }

  setMood(mood: Mood): void {
    this.#mood = mood;
    this.#met = 0;
    this.webhooks.wrongSignature = mood.mood === "wrong-signature";
    // A line that is down carries nothing either way.
    this.webhooks.silent = mood.mood === "no-webhooks" || mood.mood === "lose-connection" || mood.mood === "offline";
  }

  start(id: string, { amount = "0", tip = "0", currency, capture = "now" }: Asked): Reply {
    const known = this.#attempts.get(id);
    if (known) return ok(viewOf(known));
    const attempt: Attempt = { attempt: id, state: "pending", amount, tip, currency, reference: `tx_${ulid().slice(-10)}`, ...(this.options.kind === "qr" ? { qr: `${this.options.publicUrl}/${this.options.name}/pay/${id}` } : {}), capture, createdAt: new Date().toISOString() };
    this.#attempts.set(id, attempt);
    this.#guestDecides(id);
    return ok(viewOf(attempt));
  }

  #guestDecides(id: string): void {
    const mood = this.#mood;
    if (mood.mood === "decline" || mood.mood === "never") this.meets();
    if (mood.mood === "decline") this.#later(mood.ms, () => this.decline(id, "declined"));
    else if (mood.mood === "ok") this.#later(mood.ms, () => this.approve(id));
    else if (mood.mood !== "by-hand" && mood.mood !== "never" && mood.mood !== "success-after-expiry") this.#later(20, () => this.approve(id));
  }

  ask(id: string): Reply {
    const attempt = this.#attempts.get(id);
    return attempt ? ok(viewOf(attempt)) : NOT_FOUND;
  }

  /** The guest holds the card to it, or pays on the telephone. `tip`: entered on the terminal. */
  approve(id: string, given: { readonly tip?: string; readonly amount?: string } = {}): Reply {
    const attempt = this.#attempts.get(id);
    if (!attempt) return NOT_FOUND;
    if (attempt.state !== "pending" && attempt.state !== "cancelled" && attempt.state !== "expired") return refused("over", 409);
    if (given.tip !== undefined) attempt.tip = given.tip;
    if (given.amount !== undefined) attempt.amount = given.amount;
    attempt.state = attempt.capture === "later" ? "authorized" : "captured";
    this.#tellSuccess(attempt);
    return ok(viewOf(attempt));
  }

  #tellSuccess(attempt: Attempt): void {
    const data = { ...factsOf(attempt), stage: attempt.state === "authorized" ? ("authorized" as const) : ("captured" as const) };
    const mood = this.#mood;
    if (TELLS_OTHERWISE.has(mood.mood)) this.meets();
    switch (mood.mood) {
      case "late":
        this.webhooks.send("mq-pay:attempt.success", data, { inMs: mood.ms });
        return;
      case "twice":
        this.webhooks.send("mq-pay:attempt.success", data, { times: 2 });
        this.webhooks.send("mq-pay:attempt.success", data, { inMs: 120 });
        return;
      case "out-of-order":
        attempt.state = "settled";
        this.webhooks.send("mq-pay:transaction.settled", { ...factsOf(attempt), fee: feeOf(attempt) });
        this.webhooks.send("mq-pay:attempt.success", data, { inMs: 300 });
        this.webhooks.send("mq-pay:attempt.failed", { ...factsOf(attempt), reason: "first card declined" }, { inMs: 500 });
        return;
      default:
        this.webhooks.send("mq-pay:attempt.success", data);
    }
  }

  decline(id: string, reason: string): Reply {
    return this.#end(id, "failed", "mq-pay:attempt.failed", reason);
  }

  expire(id: string): Reply {
    return this.#end(id, "expired", "mq-pay:attempt.expired");
  }

  #end(id: string, state: "failed" | "expired" | "cancelled", type: WebhookBody["type"], reason?: string): Reply {
    const attempt = this.#attempts.get(id);
    if (!attempt) return NOT_FOUND;
    if (attempt.state !== "pending" && attempt.state !== "authorized") return refused("over", 409);
    attempt.state = state;
    if (reason !== undefined) attempt.reason = reason;
    this.webhooks.send(type, factsOf(attempt));
    return ok(viewOf(attempt));
  }

  cancel(id: string, key: string): Reply {
    return this.#once(key, () => {
      const attempt = this.#attempts.get(id);
      if (!attempt) return NOT_FOUND;
      if (attempt.state === "cancelled") return ok(viewOf(attempt));
      if (attempt.state !== "pending" && attempt.state !== "authorized") return ok(viewOf(attempt));
      const mood = this.#mood;
      if (mood.mood !== "success-after-expiry") return this.#end(id, "cancelled", "mq-pay:attempt.cancelled");
      // The guest was quicker than the cancelling, and the provider notices later.
      this.meets();
      attempt.state = "cancelled";
      const answer = ok(viewOf(attempt));
      this.#later(mood.ms, () => this.approve(id));
      return answer;
    });
  }

  capture(id: string, { amount, tip }: Asked, key: string): Reply {
    return this.#once(key, () => {
      const attempt = this.#attempts.get(id);
      if (!attempt) return NOT_FOUND;
      if (attempt.state !== "authorized") return refused(`is ${attempt.state}`, 409);
      if (BigInt(amount ?? attempt.amount ?? "0") > BigInt(attempt.amount ?? "0")) return refused("over-authorized");
      attempt.amount = amount ?? attempt.amount;
      attempt.tip = tip ?? attempt.tip;
      attempt.state = "captured";
      this.#tellSuccess(attempt);
      return ok(viewOf(attempt));
    });
  }

  increment(id: string, { amount }: Asked, key: string): Reply {
    return this.#held(id, key, (attempt) => (attempt.amount = amount ?? attempt.amount));
  }

  adjustTip(id: string, { tip }: Asked, key: string): Reply {
    return this.#held(id, key, (attempt) => (attempt.tip = tip ?? attempt.tip));
  }

  #held(id: string, key: string, change: (attempt: Attempt) => void): Reply {
    return this.#once(key, () => {
      const attempt = this.#attempts.get(id);
      if (!attempt) return NOT_FOUND;
      if (attempt.state !== "authorized") return refused(`is ${attempt.state}`, 409);
      change(attempt);
      return ok(viewOf(attempt));
    });
  }

  reverse(id: string, key: string): Reply {
    return this.#once(key, () => {
      const attempt = this.#attempts.get(id);
      if (!attempt) return NOT_FOUND;
      if (attempt.state === "reversed") return ok(viewOf(attempt));
      if (attempt.state !== "captured") return refused(`is ${attempt.state}`, 409);
      attempt.state = "reversed";
      this.webhooks.send("mq-pay:transaction.cancelled", factsOf(attempt));
      return ok(viewOf(attempt));
    });
  }

  /** The night's batch: paid out less the fee. */
  settle(id: string): Reply {
    const attempt = this.#attempts.get(id);
    if (!attempt) return NOT_FOUND;
    if (attempt.state !== "captured") return refused(`is ${attempt.state}`, 409);
    attempt.state = "settled";
    attempt.fee = feeOf(attempt);
    this.webhooks.send("mq-pay:transaction.settled", factsOf(attempt));
    return ok(viewOf(attempt));
  }

  refund(refund: string, id: string, { amount = "0", currency }: Asked, key: string): Reply {
    const mood = this.#mood;
    if (mood.mood === "refund-error") {
      this.meets();
      return refused("conflict", 409);
    }
    const known = this.#refunds.get(key);
    if (known) return ok(known);
    const attempt = this.#attempts.get(id);
    if (!attempt) return NOT_FOUND;
    if (attempt.state !== "captured" && attempt.state !== "settled") return refused(`is ${attempt.state}`, 409);
    const before = this.refunds.filter((one) => one.attempt === id && one.state !== "failed").reduce((sum, one) => sum + BigInt(one.amount ?? "0"), 0n);
    if (before + BigInt(amount) > BigInt(attempt.amount ?? "0") + BigInt(attempt.tip ?? "0")) return refused("over-captured");
    const made: Refund = { request: key, refund, attempt: id, state: "pending", amount, currency };
    this.#refunds.set(key, made);
    this.#payOut(made);
    return ok({ ...made });
  }

  /** By the key that it was asked for with. */
  askRefund(key: string): Reply {
    const known = this.#refunds.get(key);
    return known ? ok(known) : NOT_FOUND;
  }

  #payOut(made: Refund): void {
    const mood = this.#mood;
    const { request, refund, attempt, amount, currency } = made;
    if (mood.mood === "refund-fails") this.meets();
    this.#later(mood.mood === "late" ? mood.ms : 50, () => {
      made.state = mood.mood === "refund-fails" ? "failed" : "succeeded";
      const type = made.state === "failed" ? "mq-pay:refund.failed" : "mq-pay:refund.success";
      this.webhooks.send(type, { attempt, refund, request, currency, amount, ...(made.state === "failed" ? { reason: "account closed" } : {}) });
    });
  }

  #once(key: string, work: () => Reply): Reply {
    const known = this.#answers.get(key);
    if (known) return known;
    const reply = work();
    if (reply.status === 200) this.#answers.set(key, reply);
    return reply;
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
      this.keep();
    }, ms);
    this.#timers.add(timer);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.webhooks.stop();
  }
}

function feeOf({ amount, tip }: Attempt): string {
  return (((BigInt(amount ?? "0") + BigInt(tip ?? "0")) * FEE_PER_MILLE) / 1000n).toString();
}

function factsOf({ attempt, amount, tip, fee, currency, reference, reason }: Attempt): WebhookBody["data"] {
  return { attempt, amount, tip, fee, currency, reference, reason };
}

function viewOf({ attempt, state, qr, amount, tip, fee, currency, reference, reason }: Attempt): AttemptView {
  return { attempt, state, qr, amount, tip, fee, currency, reference, reason };
}
