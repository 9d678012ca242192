import type { HttpLane } from "./http-lane.ts";
import { newId, ulid, type BenchPlace } from "./place.ts";

export const ITEMS_PER_ORDER = 20;

/** An order as it is sent; no other has its label. */
export type SentOrder = { readonly commandId: string; readonly order: string; readonly label: string };

/**
 * One waiter who enters 20 items one by one, sends them, and begins the next order: 21 commands an order. The first
 * order has the items from `from` on, so that of many waiters not all send at the same instant, evening after evening.
 */
export class Waiter {
  readonly #lane: Pick<HttpLane, "post">;
  readonly #place: BenchPlace;
  #order = newId("order");
  #entered: string[] = [];
  #skipped: number;
  readonly #onSend: (sent: SentOrder) => void;

  constructor(lane: Pick<HttpLane, "post">, place: BenchPlace, from = 0, onSend: (sent: SentOrder) => void = () => {}) {
    this.#lane = lane;
    this.#place = place;
    this.#onSend = onSend;
    this.#skipped = from % ITEMS_PER_ORDER;
  }

  /** The next command; throws when it is refused. Resolves with the hub's answer: durable and on its way. */
  async tap(commandId: string = ulid()): Promise<string> {
    const [path, input] = this.#entered.length < ITEMS_PER_ORDER - this.#skipped ? this.#add() : this.#send(commandId);
    const answer = await this.#lane.post(`/trpc/${path}`, this.#place.accessToken, JSON.stringify({ json: { commandId, input } }));
    if (!answer.includes('"ok":true')) throw new Error(`${path} was refused: ${answer.slice(0, 400)}`);
    return answer;
  }

  #add(): [string, unknown] {
    const item = newId("item");
    const product = this.#place.products[this.#entered.length % this.#place.products.length];
    this.#entered.push(item);
    const opening = this.#entered.length === 1 ? { opening: { serviceType: "takeaway", label: labelOf(this.#order), channel: "tablet", customer: null, promisedAt: null } } : {};
    return ["order.addItems", { order: this.#order, ...opening, items: [{ item, product }] }];
  }

  #send(commandId: string): [string, unknown] {
    this.#onSend({ commandId, order: this.#order, label: labelOf(this.#order) });
    const input = { order: this.#order, items: this.#entered };
    this.#order = newId("order");
    this.#entered = [];
    this.#skipped = 0;
    return ["order.send", input];
  }
}

function labelOf(order: string): string {
  return order.slice(-10);
}
