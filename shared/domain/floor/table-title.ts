/** Tables are often named by a number alone ("5", "10+11"), which on a paper or a screen full of numbers says nothing. */
export function isTableNumber(label: string): boolean {
  return /^\d+(\+\d+)*$/.test(label);
}

/** What stands on top: "Table 5"; a name that people gave ("Pickup Nora", "T5") speaks for itself. */
export function tableTitle(label: string): string {
  return isTableNumber(label) ? `Table ${label}` : label;
}
