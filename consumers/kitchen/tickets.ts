import type { TransactionSql } from "#hub/db/client.ts";
import type { Drafted } from "#hub/log/drafts.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import { stateFrom, type Known } from "#hub/log/states.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { TicketState } from "#shared/domain/ticket/state.ts";

const UNKNOWN: Known = { version: 0, state: undefined };

/** The merchants and tickets that a batch needs, moved on as its events are applied. */
export class KitchenStates {
  readonly #states = new Map<string, Known>();
  readonly #ofOrder = new Map<string, Set<string>>();
  readonly #opened: { merchant_id: string; order_id: string; ticket_id: string }[] = [];

  static async load(sql: TransactionSql, merchants: readonly string[], orders: readonly string[]): Promise<KitchenStates> {
    const kitchen = new KitchenStates();
    const [tickets] = await Promise.all([
      sql<{ order_id: string; ticket_id: string }[]>`
        select t.order_id, t.ticket_id from kitchen_tickets t where t.merchant_id = any(${[...merchants]}) and t.order_id = any(${[...orders]})
         order by t.ticket_id`,
      kitchen.#read(sql, "merchant", merchants),
    ]);
    for (const { order_id, ticket_id } of tickets) kitchen.#note(order_id, ticket_id);
    await kitchen.#read(sql, "ticket", tickets.map(({ ticket_id }) => ticket_id));
    return kitchen;
  }

  merchant(id: string): MerchantState {
    const { state } = this.known(id);
    if (state === undefined) throw new Error(`merchant ${id} has no state`);
    return state as MerchantState;
  }

  ticketsOf(orders: readonly string[]): TicketState[] {
    const ids = new Set(orders.flatMap((order) => [...(this.#ofOrder.get(order) ?? [])]));
    return [...ids].map((id) => this.known(id).state as TicketState);
  }

  /** Items went from one order to another: whatever happens to either concerns the tickets of both. */
  link(merchant: string, orders: readonly string[]): void {
    const ids = new Set(orders.flatMap((order) => [...(this.#ofOrder.get(order) ?? [])]));
    for (const order of orders) {
      for (const ticket of ids) {
        if (this.#ofOrder.get(order)?.has(ticket)) continue;
        this.#note(order, ticket);
        this.#opened.push({ merchant_id: merchant, order_id: order, ticket_id: ticket });
      }
    }
  }

  known(stream: string): Known {
    return this.#states.get(stream) ?? UNKNOWN;
  }

  /** The next event of the batch is decided on what this one left. */
  apply(merchant: string, order: string, drafted: readonly Drafted[]): void {
    for (const { change, after } of drafted) {
      if (after === undefined) continue;
      if (this.known(change.stream).version === 0) {
        this.#note(order, change.stream);
        this.#opened.push({ merchant_id: merchant, order_id: order, ticket_id: change.stream });
      }
      this.#states.set(change.stream, after);
    }
  }

  async save(sql: TransactionSql): Promise<void> {
    if (this.#opened.length > 0) await sql`insert into kitchen_tickets ${sql(this.#opened, "merchant_id", "order_id", "ticket_id")} on conflict do nothing`;
  }

  async #read(sql: TransactionSql, kind: "merchant" | "ticket", streams: readonly string[]): Promise<void> {
    if (streams.length === 0) return;
    for (const state of await loadCurrent(sql, streams.map((stream) => ({ stream, kind })))) this.#states.set(state.stream, stateFrom(kind, state));
  }

  #note(order: string, ticket: string): void {
    const tickets = this.#ofOrder.get(order) ?? new Set();
    tickets.add(ticket);
    this.#ofOrder.set(order, tickets);
  }
}
