/** How a simulated provider behaves until told otherwise. */
export type Mood =
  /** The guest pays after `ms`. */
  | { readonly mood: "ok"; readonly ms: number }
  /** Waits for a decision on the page. */
  | { readonly mood: "by-hand" }
  | { readonly mood: "decline"; readonly ms: number }
  /** The guest pays at once, and the webhook comes `ms` later; a refund is paid out `ms` later. */
  | { readonly mood: "late"; readonly ms: number }
  /** Every webhook three times: twice under one id, once under another. */
  | { readonly mood: "twice" }
  /** Settled is told before success, and success before a failure that was meant for an earlier try. */
  | { readonly mood: "out-of-order" }
  /** The guest never does anything. */
  | { readonly mood: "never" }
  /** The guest pays, and no webhook is ever sent. */
  | { readonly mood: "no-webhooks" }
  /** The guest pays in the moment in which the attempt is cancelled. */
  | { readonly mood: "success-after-expiry"; readonly ms: number }
  | { readonly mood: "wrong-signature" }
  /** Calls are cut before anything is done. */
  | { readonly mood: "offline" }
  /** Calls are done, and cut before they are answered. */
  | { readonly mood: "lose-connection" }
  /** Calls are never answered. */
  | { readonly mood: "hang" }
  /** Refunds are answered with an error. */
  | { readonly mood: "refund-error" }
  /** Refunds are taken, and fail later. */
  | { readonly mood: "refund-fails" };

const NAMES = ["ok", "by-hand", "decline", "late", "twice", "out-of-order", "never", "no-webhooks", "success-after-expiry", "wrong-signature", "offline", "lose-connection", "hang", "refund-error", "refund-fails"] as const;
export const MOOD_NAMES: readonly Mood["mood"][] = NAMES;

/** From JSON as a person or a test sends it; undefined when it is none. */
export function readMood(value: unknown): Mood | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  const mood = NAMES.find((name) => name === given["mood"]);
  const ms = typeof given["ms"] === "number" && given["ms"] >= 0 && given["ms"] <= 3_600_000 ? given["ms"] : undefined;
  switch (mood) {
    case undefined:
      return undefined;
    case "ok":
    case "decline":
      return { mood, ms: ms ?? 1_500 };
    case "late":
      return { mood, ms: ms ?? 10_000 };
    case "success-after-expiry":
      return { mood, ms: ms ?? 500 };
    default:
      return { mood };
  }
}
