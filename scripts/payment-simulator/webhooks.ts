import { sign } from "#hub/payments/standard-webhooks.ts";
import type { WebhookBody } from "#shared/protocol/payment-provider.ts";
import { ulid } from "ulidx";

export type Delivery = { readonly id: string; readonly type: string; readonly attempt: string; tries: number; status: number | string };
export type Undelivered = { readonly delivery: Delivery; readonly payload: string };
type Signing = { readonly secret: string; readonly url: string };

const AGAIN_MS = 60;
const FIRST_RETRY_MS = 250;
const MOST_RETRY_MS = 30_000;
const MOST_TRIES = 12;

/** Sends until it is acknowledged: the same id every time, signed anew. */
export class Webhooks {
  readonly #signing: Signing;
  readonly #deliveries: Delivery[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #undelivered = new Set<Undelivered>();
  readonly #changed: () => void;
  wrongSignature = false;
  silent = false;

  /** `changed` is told of every try. */
  constructor(signing: Signing, changed: () => void) {
    this.#signing = signing;
    this.#changed = changed;
  }

  get undelivered(): readonly Undelivered[] {
    return [...this.#undelivered];
  }

  /** What an earlier life had to tell and did not get rid of. */
  goOn(undelivered: readonly Undelivered[]): void {
    for (const one of undelivered) {
      this.#deliveries.push(one.delivery);
      this.#undelivered.add(one);
      this.#later(FIRST_RETRY_MS, () => void this.#deliver(one));
    }
  }

  get deliveries(): readonly Delivery[] {
    return this.#deliveries;
  }

  /** `times`: so often, 60 ms apart, with one id and the same bytes. */
  send(type: WebhookBody["type"], data: WebhookBody["data"], { inMs = 0, times = 1 }: { readonly inMs?: number; readonly times?: number } = {}): void {
    if (this.silent) return;
    const id = `msg_${ulid()}`;
    const body: WebhookBody = { type, timestamp: new Date().toISOString(), data };
    const payload = JSON.stringify(body);
    for (let i = 0; i < times; i++) {
      const undelivered = { delivery: { id, type, attempt: data.attempt, tries: 0, status: "waiting" }, payload };
      this.#deliveries.push(undelivered.delivery);
      if (this.#deliveries.length > 500) this.#deliveries.shift();
      this.#undelivered.add(undelivered);
      this.#later(inMs + i * AGAIN_MS, () => void this.#deliver(undelivered));
    }
  }

  async #deliver(undelivered: Undelivered): Promise<void> {
    const { delivery } = undelivered;
    const payload = Buffer.from(undelivered.payload);
    delivery.tries++;
    const timestamp = Math.floor(Date.now() / 1000);
    const secret = this.wrongSignature ? "whsec_bm90IHRoZSBzZWNyZXQgb2YgYW55Ym9keQ==" : this.#signing.secret;
    try {
      const response = await fetch(this.#signing.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": delivery.id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": sign(secret, delivery.id, timestamp, payload),
          "x-webhook-event-type": delivery.type,
        },
        body: payload,
        signal: AbortSignal.timeout(5_000),
      });
      await response.arrayBuffer();
      delivery.status = response.status;
    } catch (error) {
      delivery.status = error instanceof Error ? error.name : "failed";
    }
    const accepted = typeof delivery.status === "number" && delivery.status < 300;
    if (accepted || delivery.tries >= MOST_TRIES) this.#undelivered.delete(undelivered);
    else this.#later(Math.min(MOST_RETRY_MS, FIRST_RETRY_MS * 2 ** (delivery.tries - 1)), () => void this.#deliver(undelivered));
    this.#changed();
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
