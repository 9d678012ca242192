const DAY = 86_400_000;
/** How long ago a device may say that something happened: nothing of a place is dated further before it was set up. */
export const BELIEVED_BEHIND_MS = 7 * DAY;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** What a clock on the wall shows at an instant, as if it were UTC: such numbers compare. */
function wallClock(instant: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The clock on the merchant's wall at an instant: ISO weekday (1 is Monday) and minutes since midnight. */
export function localClock(instant: string, zone: string): { readonly weekday: number; readonly minutes: number } {
  const wall = new Date(wallClock(Date.parse(instant), zone));
  return { weekday: wall.getUTCDay() || 7, minutes: wall.getUTCHours() * 60 + wall.getUTCMinutes() };
}

/** The first instant at which the wall clock has reached `wall`; only right where it does not go back in between. */
function firstReaching(wall: number, zone: string): number {
  let before = wall - 1.5 * DAY;
  let reached = wall + 1.5 * DAY;
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2);
    if (wallClock(middle, zone) >= wall) reached = middle;
    else before = middle;
  }
  return reached;
}

/** DOM-17: a local time that is doubled is the first of the two, one that is skipped is the next instant that exists. */
function instantOf(wall: number, zone: string): number {
  const offsets = new Set([-DAY, 0, DAY].map((shift) => wallClock(wall + shift, zone) - (wall + shift)));
  const exact = [...offsets].map((offset) => wall - offset).filter((instant) => wallClock(instant, zone) === wall);
  return exact.length > 0 ? Math.min(...exact) : firstReaching(wall, zone);
}

function wallOf(date: string, cutOver: string): number {
  return Date.parse(`${date}T${cutOver}:00.000Z`);
}

function dateOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

/** The date after a date (YYYY-MM-DD). */
export function nextDate(date: string): string {
  return dateOf(Date.parse(date) + DAY);
}

/**
 * DOM-17: the date that money gets: of the day by the clock, or of the next one when a manager has closed that already (a Z never changes).
 */
export function openBusinessDate(byClock: string, closedThrough: string | null): string {
  return closedThrough === null || byClock > closedThrough ? byClock : nextDate(closedThrough);
}

/** When a business day begins: the cut-over (HH:MM) of its date in the merchant's IANA zone, as an ISO instant. */
export function businessDayStart(date: string, zone: string, cutOver: string): string {
  return new Date(instantOf(wallOf(date, cutOver), zone)).toISOString();
}

type Day = { readonly date: string; readonly from: number; readonly to: number };
/** Every command asks: the day last found answers until it is over. */
const lastDays = new Map<string, Day>();

function dayOf(at: number, zone: string, cutOver: string): Day {
  const today = wallOf(dateOf(wallClock(at, zone)), "00:00");
  // Where a clock went back or a date was skipped, the day that has begun may be a neighbour of the wall's date.
  for (const shift of [1, 0, -1, -2]) {
    const date = dateOf(today + shift * DAY);
    const from = instantOf(wallOf(date, cutOver), zone);
    if (from <= at) return { date, from, to: instantOf(wallOf(dateOf(today + (shift + 1) * DAY), cutOver), zone) };
  }
  throw new Error(`no business day of ${zone} holds ${new Date(at).toISOString()}`);
}

/** The business date (YYYY-MM-DD) that an instant belongs to (DOM-17). */
export function businessDateOf(instant: string, zone: string, cutOver: string): string {
  const at = Date.parse(instant);
  const key = `${zone} ${cutOver}`;
  const last = lastDays.get(key);
  if (last && last.from <= at && at < last.to) return last.date;
  const day = dayOf(at, zone, cutOver);
  lastDays.set(key, day);
  return day.date;
}
