import { businessDayStart } from "#shared/domain/business-date.ts";

/** "12 min", "1 h 05". */
export function minutesText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
}

/** A kitchen timer: "4:07", "1:02:09". */
export function timerText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** The place's own time of day, 24 hours. */
export function timeOfDay(iso: string, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

/** The place's own time, to the second: of what may be asked twice in a minute. */
export function secondOfDay(at: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
}

/** The place's own day and time: "21 Nov 2026, 19:05". */
export function dayAndTime(at: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(at);
}

/** As `datetime-local` wants it, by the place's own clock. */
export function minuteOnWall(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).format(at);
  return parts.replace(" ", "T");
}

/** The instant of what `datetime-local` gives, by the place's own clock; undefined when it is no time. */
export function instantOfMinute(text: string, zone: string): string | undefined {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(text);
  const [date, minute] = [found?.[1], found?.[2]];
  return date === undefined || minute === undefined || Number.isNaN(Date.parse(`${date}T${minute}:00Z`)) ? undefined : businessDayStart(date, zone, minute);
}

export function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join("");
}
