/** DOM-17: money counts on the day that is open when it reaches us; no caller reaches back into a day that was reported. */
const DATED_WHEN_RECORDED: ReadonlySet<string> = new Set(["check", "payment", "drawer"]);

/** The instant whose business date a command's events get: of other areas it is when they happened. */
export function datedAt(type: string, { now, happened }: { readonly now: string; readonly happened: string }): string {
  const [area = ""] = type.split(".");
  return DATED_WHEN_RECORDED.has(area) ? now : happened;
}
