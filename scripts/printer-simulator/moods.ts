/** How a simulated printer behaves until told otherwise. `afterBytes` counts what a connection has received. */
export type Mood =
  | { readonly mood: "ok" }
  /** The port is closed. */
  | { readonly mood: "offline" }
  /** Takes bytes and does and answers nothing. */
  | { readonly mood: "stall"; readonly afterBytes: number }
  | { readonly mood: "reset-after-bytes"; readonly bytes: number }
  | { readonly mood: "cover-open"; readonly afterBytes: number }
  | { readonly mood: "paper-out"; readonly afterBytes: number }
  /** Every answer comes so much later. */
  | { readonly mood: "late"; readonly ms: number }
  | { readonly mood: "answer-twice" }
  /** Prints, and knows none of the status commands. */
  | { readonly mood: "silent" };

const NAMES = ["ok", "offline", "stall", "reset-after-bytes", "cover-open", "paper-out", "late", "answer-twice", "silent"] as const;
export const MOOD_NAMES: readonly Mood["mood"][] = NAMES;

/** From JSON as a person or a test sends it; undefined when it is none. */
export function readMood(value: unknown): Mood | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  const mood = NAMES.find((name) => name === given["mood"]);
  const afterBytes = whole(given["afterBytes"]) ?? 0;
  switch (mood) {
    case undefined:
      return undefined;
    case "reset-after-bytes":
      return { mood, bytes: whole(given["bytes"]) ?? 100 };
    case "late":
      return { mood, ms: whole(given["ms"]) ?? 300 };
    case "stall":
    case "cover-open":
    case "paper-out":
      return { mood, afterBytes };
    default:
      return { mood };
  }
}

function whole(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 10_000_000 ? value : undefined;
}
