import { businessDateOf, businessDayStart } from "#shared/domain/business-date.ts";

type Day = { readonly date: string; readonly from: number; readonly to: number };

const DAY_MS = 86_400_000;
const today = new Map<string, Day>();

/** DOM-17, remembered: every command asks, and the answer changes once a day. */
export function businessDateAt(at: number, zone: string, cutOver: string): string {
  const key = `${zone} ${cutOver}`;
  const known = today.get(key);
  if (known !== undefined && at >= known.from && at < known.to) return known.date;
  const date = businessDateOf(new Date(at).toISOString(), zone, cutOver);
  const next = new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
  today.set(key, { date, from: Date.parse(businessDayStart(date, zone, cutOver)), to: Date.parse(businessDayStart(next, zone, cutOver)) });
  return date;
}
