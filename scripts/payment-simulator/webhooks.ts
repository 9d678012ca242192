import { sign } from "#hub/payments/standard-webhooks.ts";
import type { WebhookBody } from "#shared/protocol/payment-provider.ts";
import { ulid } from "ulidx";

export type Delivery = { readonly id: string; readonly type: string; readonly attempt: string; tries: number; status: number | string };
export type Undelivered = { readonly delivery: Delivery; readonly payload: string };
type Signing = { readonly secret: string; readonly url: string };

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

  send(type: WebhookBody["type"], data: WebhookBody["data"], { id = `msg_${ulid()}`, inMs = 0 }: { readonly id?: string; readonly inMs?: number } = {}): string {
    if (this.silent) return id;
    const body: WebhookBody = { type, timestamp: new Date().toISOString(), data };
    const delivery: Delivery = { id, type, attempt: data.attempt, tries: 0, status: "waiting" };
    this.#deliveries.push(delivery);
    if (this.#deliveries.length > 500) this.#deliveries.shift();
    const undelivered = { delivery, payload: JSON.stringify(body) };
    this.#undelivered.add(undelivered);
    this.#later(inMs, () => void this.#deliver(undelivered));
    return id;
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
