export type Stage = "fresh" | "warning" | "late";
/** Minutes from the firing to amber and to red. */
export type AgeLimits = { readonly warning: number; readonly late: number };

export const AGE_LIMITS = {
  quick: { warning: 3, late: 6 },
  usual: { warning: 5, late: 10 },
  slow: { warning: 12, late: 20 },
} as const satisfies Record<string, AgeLimits>;
export type Pace = keyof typeof AGE_LIMITS;

const MINUTE = 60_000;

export function stageOf(ageMs: number, limits: AgeLimits): Stage {
  if (ageMs >= limits.late * MINUTE) return "late";
  return ageMs >= limits.warning * MINUTE ? "warning" : "fresh";
}

/** A promise this close, or broken, is a rush. */
const RUSH_BEFORE_MS = 10 * MINUTE;

export function isRush(promisedAt: string | null, now: number): boolean {
  return promisedAt !== null && Date.parse(promisedAt) - now <= RUSH_BEFORE_MS;
}
