const CAUSES: Readonly<Record<string, string>> = {
  "cover-open": "the cover is open",
  "paper-out": "out of paper",
  "paper-low": "paper runs low",
  unreachable: "cannot be reached",
  "no-answer": "does not answer",
  offline: "is offline",
  cutter: "the cutter is stuck",
  stale: "too old to print",
  erased: "the guest was erased before",
};

export function printCauseInWords(cause: string | null): string {
  return cause === null ? "does not print" : (CAUSES[cause] ?? cause.replaceAll("-", " "));
}
