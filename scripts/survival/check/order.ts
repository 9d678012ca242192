import type { TransactionSql } from "#hub/db/client.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { grouped, type Finding, type History } from "./history.ts";

/** Something that a consumer did: of which key, for which event, and after how much else of its own. */
type Deed = { readonly what: string; readonly key: string; readonly event: string; readonly nth: bigint };

/**
 * RUN-4: what a consumer does of one key, it does in the order of the log. Tickets and reports stand in the log themselves, print jobs in the line of all jobs; journals and
 * movements carry the number of the transaction that wrote them, and those of one batch are one deed.
 */
export async function checkOrder(tx: TransactionSql, history: History): Promise<Finding[]> {
  const jobs = await tx<Deed[]>`
    select 'print job ' || j.id as what, e.stream || ' on ' || j.printer_id as key, j.source_event as event, j.seq as nth from print_jobs j join events e on e.id = j.source_event`;
  const journals = await tx<Deed[]>`select 'journal ' || journal_id as what, merchant_id as key, event_id as event, xmin::text::bigint as nth from ledger_journals`;
  const movements = await tx<Deed[]>`select 'movement ' || event_id || ' ' || line as what, merchant_id as key, event_id as event, xmin::text::bigint as nth from stock_movements`;
  return [...[jobs, journals, movements].flatMap((deeds) => outOfOrder(history, deeds)), ...checkAppended(history)];
}

/** What consumers append to the log: of an order its tickets, of a place its reports. */
export function checkAppended(history: History): Finding[] {
  const keyOf = ({ actor, type }: EventEnvelope, cause: EventEnvelope): readonly string[] => {
    if (actor === "consumer:kitchen") return "from" in cause.data && "into" in cause.data ? [cause.data.from, cause.data.into].map(String) : [cause.subject];
    return actor === "consumer:sales" ? [`${type} of ${cause.merchantid}`] : [];
  };
  const causes = new Map(history.all.map(({ event }) => [event.id, event]));
  const deeds = history.all.flatMap(({ event }, i) => {
    const cause = causes.get(event.causationid ?? "");
    return cause === undefined ? [] : keyOf(event, cause).map((key) => ({ what: `${event.type} ${event.id}`, key, event: cause.id, nth: BigInt(i) }));
  });
  return outOfOrder(history, deeds);
}

/** The first of each key that was done before what comes before it in the log. */
function outOfOrder({ all }: History, deeds: readonly Deed[]): Finding[] {
  const positions = new Map(all.map(({ event, position }) => [event.id, position]));
  const at = ({ event }: Deed) => positions.get(event) ?? -1n;
  return [...grouped(deeds, ({ key }) => key)].flatMap(([key, own]) => {
    const inLog = own.toSorted((a, b) => compare(at(a), at(b)) || compare(a.nth, b.nth));
    const early = inLog.findIndex(({ nth }, i) => nth < (inLog[i - 1]?.nth ?? nth));
    const [before, deed] = [inLog[early - 1], inLog[early]];
    return before === undefined || deed === undefined ? [] : [`order of ${key}: ${deed.what} was done before ${before.what}, whose event comes first`];
  });
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
