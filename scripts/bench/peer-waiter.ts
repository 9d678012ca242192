import type { HttpLane } from "./http-lane.ts";
import type { PeerTap } from "./peers/durable.ts";
import { newId } from "./place.ts";
import { ITEMS_PER_ORDER } from "./waiter.ts";

/** `Waiter`, at the peer: 20 items one by one, then the command that sends them. */
export class PeerWaiter {
  readonly #lane: HttpLane;
  readonly #room: string;
  #order = newId("order");
  #check = newId("check");
  #nth: number;

  constructor(lane: HttpLane, room: string, from = 0) {
    this.#lane = lane;
    this.#room = room;
    this.#nth = from % ITEMS_PER_ORDER;
  }

  async tap(commandId: string): Promise<void> {
    const send = this.#nth === ITEMS_PER_ORDER;
    const tap: PeerTap = { id: commandId, room: this.#room, order: this.#order, check: this.#check, nth: this.#nth++, send };
    if (send) {
      this.#order = newId("order");
      this.#check = newId("check");
      this.#nth = 0;
    }
    await this.#lane.post("/tap", "none", JSON.stringify(tap));
  }
}
