import type { TransactionSql } from "#hub/db/client.ts";
import { preparingStations } from "#shared/domain/ticket/route.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import { compareCounts, grouped, repeated, type Finding, type History } from "./history.ts";

/**
 * Every item that was sent is on exactly one ticket of each of its stations; what was fired was fired there once, and what was voided
 * marked there once. A ticket is told by the event that caused it, so that one made for nothing is found too.
 */
export async function checkTickets(tx: TransactionSql, history: History): Promise<Finding[]> {
  const stationsOf = routing(history);
  const at = (cause: string, merchant: string | undefined, item: OrderItem, ticketItem = item.item) =>
    stationsOf(merchant, item).map((station) => `${ticketItem} at ${station} by ${cause}`);
  const sent = history.of("sale.order.sent");
  const created = history.of("sale.kitchen-ticket.created");
  const rows = await tx<{ ticket_id: string }[]>`select ticket_id from kitchen_tickets`;
  return [
    ...repeated("item that was sent", sent.flatMap(({ data }) => data.items.map(({ item }) => item))),
    ...compareCounts(
      "item on a ticket",
      sent.flatMap(({ id, merchantid, data }) => data.items.flatMap((item) => at(id, merchantid, item))),
      created.flatMap(({ causationid, data }) => data.items.map(({ item }) => `${item} at ${data.station} by ${causationid}`)),
    ),
    ...compareCounts(
      "item fired on a ticket",
      history.of("sale.order.courseFired").flatMap(({ id, merchantid, data }) => data.items.flatMap((item) => at(id, merchantid, item))),
      history.of("sale.kitchen-ticket.fired").flatMap(({ causationid, data }) => data.ticket.items.map(({ item }) => `${item} at ${data.station} by ${causationid}`)),
    ),
    ...compareCounts(
      "item voided on a ticket",
      history.of("sale.order.itemVoided").flatMap(({ id, merchantid, data }) => at(id, merchantid, data.voided, data.item)),
      history.of("sale.kitchen-ticket-item.voided").map(({ causationid, data }) => `${data.item} at ${data.ticket.station} by ${causationid}`),
    ),
    ...compareCounts("the kitchen's own list of tickets", created.map(({ subject }) => subject), rows.map(({ ticket_id }) => ticket_id)),
    ...checkNumbers(history),
  ];
}

function routing({ states }: History): (merchant: string | undefined, item: OrderItem) => readonly string[] {
  return (merchant, item) => {
    const state = states.get(merchant ?? "")?.state;
    if (state === undefined) throw new Error(`an item of ${merchant}, which the log does not know`);
    return preparingStations(item, state as MerchantState).map(({ station }) => station);
  };
}

/** DOM-18, TKT-3: each station counts its tickets of the day without a gap, and each send has a number of its own. */
function checkNumbers(history: History): Finding[] {
  const days = grouped(history.of("sale.kitchen-ticket.created"), ({ merchantid, businessdate }) => `${merchantid} ${businessdate}`);
  return [...days].flatMap(([day, tickets]) => {
    const stations = grouped(tickets, ({ data }) => data.station);
    const sends = grouped(tickets, ({ causationid }) => causationid ?? "");
    const numbers = [...sends.values()].map((ofSend) => [...new Set(ofSend.map(({ data }) => data.number))].join(" and "));
    return [
      ...[...stations].flatMap(([station, own]) => compareCounts(`number of ${station} on ${day}`, oneTo(own.length), own.map(({ data }) => String(data.stationNumber)))),
      ...compareCounts(`number of a send on ${day}`, oneTo(sends.size), numbers),
    ];
  });
}

function oneTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => String(i + 1));
}
