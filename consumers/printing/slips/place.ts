/** Where the paper is: its clock and its way of writing numbers. */
export type Place = { readonly zone: string; readonly locale: string };
/** Whose paper it is, and with how many decimals it writes amounts: what its own screens show. What is stored whole, as receipts and reports are, brings its own. */
export type SlipPlace = Place & { readonly name: string; readonly address: readonly string[]; readonly displayDigits: number };

const clocks = new Map<string, Intl.DateTimeFormat>();

/** "2026-11-20 19:20" */
export function localDateTime(instant: string, zone: string): string {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
    clocks.set(zone, clock);
  }
  return clock.format(new Date(instant));
}

/** "19:20" */
export function localTime(instant: string, zone: string): string {
  return localDateTime(instant, zone).slice(11);
}
