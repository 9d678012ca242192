import type { Finding } from "../survival/check/history.ts";
import type { Unseen } from "../survival/check/print-jobs.ts";
import type { Report } from "./scenario.ts";
import type { Struck } from "./times.ts";

const OF_A_KIND = 3;

/** Findings of one kind differ in whom they are about and in numbers. */
function kindOf(finding: Finding): string {
  return finding
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replaceAll(/\b[a-z]+_[0-9A-HJKMNP-TV-Z]{26}\b/g, "…")
    .replaceAll(/\d+/g, "0");
}

/** Some of every kind, and how many of it are not shown. */
export function findingsTold(findings: readonly Finding[], ofAKind = OF_A_KIND): readonly string[] {
  const kinds = new Map<string, Finding[]>();
  for (const finding of findings) {
    const kind = kindOf(finding);
    kinds.set(kind, [...(kinds.get(kind) ?? []), finding]);
  }
  return [...kinds.values()].flatMap((all) => [...all.slice(0, ofAKind), ...(all.length > ofAKind ? [`... and ${all.length - ofAKind} more of this kind`] : [])]);
}

/** What a report comes to, in words. */
export function outcomeTold({ struck, findings }: Pick<Report, "struck" | "findings">): readonly string[] {
  if (findings.length > 0) return [`${findings.length} findings:`, ...findingsTold(findings).map((finding) => `  ${finding}`)];
  return [struck.length === 0 ? "no fault was played, so this says nothing of what is lost" : "nothing lost, nothing double, all in order"];
}

/** A printer that was as good as away for the whole run shows here: that people are told of each slip makes it no finding. */
export function unseenTold(printers: readonly Unseen[]): string {
  return `slips of which nobody saw the end: ${printers.map(({ printer, jobs, unseen }) => `${printer} ${unseen} of ${jobs}`).join(", ")}`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const row = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(16))).join("");

/** A table with its own explanation: each time is the longest of that fault. */
export function struckTold(struck: readonly Struck[]): readonly string[] {
  return [
    row(["fault", "times", "no answer for", "of it held", "all whole after"]),
    ...struck.map(({ fault, times, unansweredMs, heldMs, wholeAfterMs, last }) => `${row([fault, String(times), seconds(unansweredMs), seconds(heldMs), seconds(wholeAfterMs)])}  ${last}`.trimEnd()),
    "no answer for: the longest that anybody who tapped waited, from the fault's beginning on; of it held: while we kept the fault up on purpose",
    "all whole after: from when we let go of the fault (starting again included) until taps, hubs, consumers, printers' queues and screens were all less than 2 s behind, and stayed so; then what was the last to be",
  ];
}
