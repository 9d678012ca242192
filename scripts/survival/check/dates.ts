import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { Finding, History } from "./history.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on a wall there shows at an instant, as if that were UTC. */
export function wallClock(instant: string, zone: string): Date {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  formats.set(zone, format);
  return new Date(`${format.format(new Date(instant)).replace(" ", "T")}Z`);
}

/** DOM-17: a day begins at its cut-over ("04:00"). */
export function businessDate(instant: string, zone: string, cutOver: string): string {
  const [hours = "0", minutes = "0"] = cutOver.split(":");
  return new Date(wallClock(instant, zone).getTime() - (Number(hours) * 60 + Number(minutes)) * 60_000).toISOString().slice(0, 10);
}

/** DOM-17: each event is dated by the clock of its place, when it happened or when it was recorded; what a consumer made of an event, as that event. No day is closed by the load. */
export function checkDates(history: Pick<History, "all" | "states">): Finding[] {
  const dates = new Map(history.all.map(({ event }) => [event.id, event.businessdate]));
  return history.all.flatMap(({ event }) => {
    const { id, type, merchantid, businessdate, occurredat, time, causationid } = event;
    const place = history.states.get(merchantid ?? "")?.state as MerchantState | undefined;
    if (businessdate === undefined || place === undefined) return [];
    const may = [occurredat, time].map((at) => businessDate(at, place.zone, place.cutOver));
    return may.includes(businessdate) || dates.get(causationid ?? "") === businessdate ? [] : [`${type} ${id} is dated ${businessdate}, not ${may[0]}`];
  });
}

export type Journal = { readonly journal_id: string; readonly event_id: string; readonly date: string };

/** DOM-15: what an event posts is posted on its own day. */
export function checkJournalDates({ all }: Pick<History, "all">, journals: readonly Journal[]): Finding[] {
  const dates = new Map(all.map(({ event }) => [event.id, event.businessdate]));
  return journals.flatMap(({ journal_id, event_id, date }) => (dates.get(event_id) === date ? [] : [`journal ${journal_id} is dated ${date}, its event ${dates.get(event_id)}`]));
}
