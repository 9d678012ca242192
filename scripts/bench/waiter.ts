import type { HttpLane } from "./http-lane.ts";
import { newId, ulid, type BenchPlace } from "./place.ts";

export const ITEMS_PER_ORDER = 20;

/**
 * One waiter who enters 20 items one by one, sends them, and begins the next order: 21 commands an order. The first
 * order has the items from `from` on, so that of many waiters not all send at the same instant, evening after evening.
 */
export class Waiter {
  readonly #lane: HttpLane;
  readonly #place: BenchPlace;
  #order = newId("order");
  #entered: string[] = [];
  #orders = 0;
  #skipped: number;

  constructor(lane: HttpLane, place: BenchPlace, from = 0) {
    this.#lane = lane;
    this.#place = place;
    this.#skipped = from % ITEMS_PER_ORDER;
  }

  /** The next command; throws when it is refused. Resolves when the hub has answered: durable and on its way. */
  async tap(commandId: string = ulid()): Promise<void> {
    const [path, input] = this.#entered.length < ITEMS_PER_ORDER - this.#skipped ? this.#add() : this.#send();
    const answer = await this.#lane.post(`/trpc/${path}`, this.#place.accessToken, JSON.stringify({ json: { commandId, input } }));
    if (!answer.includes('"ok":true')) throw new Error(`${path} was refused: ${answer.slice(0, 400)}`);
  }

  #add(): [string, unknown] {
    const item = newId("item");
    const product = this.#place.products[this.#entered.length % this.#place.products.length];
    this.#entered.push(item);
    const opening = this.#entered.length === 1 ? { opening: { serviceType: "takeaway", label: `Bench ${++this.#orders}`, channel: "tablet", customer: null, promisedAt: null } } : {};
    return ["order.addItems", { order: this.#order, ...opening, items: [{ item, product }] }];
  }

  #send(): [string, unknown] {
    const input = { order: this.#order, items: this.#entered };
    this.#order = newId("order");
    this.#entered = [];
    this.#skipped = 0;
    return ["order.send", input];
  }
}
