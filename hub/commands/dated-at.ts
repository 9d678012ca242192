/** DOM-17: money counts on the day that is open when it reaches us; no caller reaches back into a day that was reported. */
const DATED_WHEN_RECORDED: ReadonlySet<string> = new Set(["check", "payment", "refund", "drawer", "day", "cash", "ledger"]);

export function isDatedWhenRecorded(type: string): boolean {
  const [area = ""] = type.split(".");
  return DATED_WHEN_RECORDED.has(area);
}
