import type { PartyView } from "#shared/domain/floor/floor-view.ts";

/** What matters most about a party right now. */
export type Standing = "seated" | "waiting" | "ready" | "bill" | "paid";

export function standing({ order, paidButSeated }: PartyView): Standing {
  if (paidButSeated) return "paid";
  if (order?.course && order.course.of > 0 && order.course.ready === order.course.of && !order.billPrinted) return "ready";
  if (order?.billPrinted) return "bill";
  return order?.course ? "waiting" : "seated";
}

/** For those who listen to the screen. */
export function describeParty(party: PartyView): string {
  const { order } = party;
  const words = [`${party.covers} covers`, `served by ${party.server.name}`, `${party.minutes} minutes`];
  if (order?.course) words.push(`course ${order.course.course}, ${order.course.ready} of ${order.course.of} ready`);
  if (order && order.unsent > 0) words.push(`${order.unsent} unsent`);
  if (order?.held) words.push(`course ${order.held} held`);
  if (party.paidButSeated) words.push("paid");
  else if (order?.billPrinted) words.push(order.billOutdated ? "bill outdated" : "bill printed");
  return words.join(", ");
}
