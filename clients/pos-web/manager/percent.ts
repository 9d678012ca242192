/** "8.875" as "0.08875"; undefined when it is no percentage below 100 that the place can have. */
export function rateOfPercent(percent: string): string | undefined {
  const match = /^(\d{1,2})(?:[.,](\d{0,4}))?$/.exec(percent.trim());
  if (!match) return undefined;
  const digits = `${(match[1] ?? "").padStart(2, "0")}${match[2] ?? ""}`.replace(/0+$/, "");
  return digits === "" ? "0" : `0.${digits}`;
}

/** "0.08875" as "8.875". */
export function percentOfRate(rate: string): string {
  const digits = (rate.split(".")[1] ?? "").padEnd(2, "0");
  const rest = digits.slice(2).replace(/0+$/, "");
  return `${Number(digits.slice(0, 2))}${rest === "" ? "" : `.${rest}`}`;
}
