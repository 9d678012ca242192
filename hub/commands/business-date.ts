const DAY = 86_400_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that the zone's clock is ahead of UTC at an instant. */
function offsetAt(zone: string, at: number): number {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, formatter);
  }
  const parts: Record<string, number> = {};
  for (const part of formatter.formatToParts(at)) parts[part.type] = Number(part.value);
  const local = Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day, parts.hour, parts.minute, parts.second);
  return local - Math.floor(at / 1000) * 1000;
}

/** The instant of a local time, itself written as if it were UTC: skipped is the next instant, doubled the first (DOM-17). */
function instantOf(zone: string, local: number): number {
  const before = offsetAt(zone, local - DAY);
  const after = offsetAt(zone, local + DAY);
  const candidates = [local - before, local - after].filter((at) => at + offsetAt(zone, at) === local);
  if (candidates.length > 0) return Math.min(...candidates);
  // Skipped: the clock jumped over it, and the day begins where it jumped.
  let low = local - Math.max(before, after);
  let high = local - Math.min(before, after);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

type Day = { readonly date: string; readonly from: number; readonly to: number };

const lastDay = new Map<string, Day>();

/**
 * The business date of an instant (DOM-17): the day whose cut-over was the last to pass in the merchant's zone.
 * @param cutOver local time HH:MM
 */
export function businessDateOf(at: number, zone: string, cutOver: string): string {
  const key = `${zone} ${cutOver}`;
  const known = lastDay.get(key);
  if (known !== undefined && at >= known.from && at < known.to) return known.date;
  const [hours, minutes] = cutOver.split(":").map(Number);
  const timeOfDay = ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
  const today = Math.floor((at + offsetAt(zone, at)) / DAY) * DAY;
  for (const midnight of [today + DAY, today, today - DAY]) {
    const from = instantOf(zone, midnight + timeOfDay);
    if (from > at) continue;
    const day = { date: new Date(midnight).toISOString().slice(0, 10), from, to: instantOf(zone, midnight + DAY + timeOfDay) };
    lastDay.set(key, day);
    return day.date;
  }
  throw new Error(`no business date for ${new Date(at).toISOString()} in ${zone}`);
}
