import { setTimeout as sleep } from "node:timers/promises";
import type { TicketState } from "#shared/domain/ticket/state.ts";
import type { Stack } from "../services/stack.ts";
import { handOf } from "./bill.ts";
import { apiOf, newId, pairKitchenScreen, type BenchPlace } from "./place.ts";
import { ITEMS_PER_ORDER } from "./waiter.ts";

const TICKETS_WITHIN_MS = 30_000;

/** Whoever serves guests to the end takes their money. */
export async function openDrawer(stack: Pick<Stack, "url">, place: BenchPlace): Promise<string> {
  const drawer = newId("drawer");
  await handOf(stack, place)("drawer.open", { drawer, name: "Till", float: { amount: "0", currency: "EUR" } });
  return drawer;
}

/** An order of twenty items from the first tap to the closed check: sent, cooked, paid in cash. */
export async function serveOneOrder(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, drawer: string): Promise<void> {
  const hand = handOf(stack, place);
  const [order, payment] = [newId("order"), newId("payment")];
  const items = Array.from({ length: ITEMS_PER_ORDER }, (_, i) => ({ item: newId("item"), product: place.products[i % place.products.length] ?? "" }));
  const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "tablet" as const, customer: null, promisedAt: null };
  let check = "";
  for (const [i, item] of items.entries()) ({ check } = await hand("order.addItems", { order, ...(i === 0 ? { opening } : {}), items: [item] }));
  await hand("order.send", { order, items: items.map(({ item }) => item) });
  await cook(stack, place, order);
  const { totals } = await hand("check.present", { check });
  await hand("payment.takeCash", { payment, check, drawer, tendered: { amount: totals.due, currency: "EUR" } });
  await hand("check.close", { check });
}

async function cook(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, order: string): Promise<void> {
  const accessToken = await pairKitchenScreen(stack, place);
  for (const until = performance.now() + TICKETS_WITHIN_MS; performance.now() < until; await sleep(50)) {
    const { aggregates } = await apiOf(stack, accessToken).sync.snapshot.query();
    const tickets = aggregates.filter(({ kind, state }) => kind === "ticket" && (state as TicketState).order === order);
    for (const { stream } of tickets) await handOf(stack, { ...place, accessToken })("ticket.bump", { ticket: stream });
    if (tickets.length > 0) return;
  }
  throw new Error(`the kitchen has no ticket of ${order} after ${TICKETS_WITHIN_MS / 1000} s`);
}
