const MAX_AHEAD_MS = 5_000;
const MAX_BEHIND_MS = 7 * 86_400_000;

/** When it happened, by the device's clock as far as that can be believed: at most 5 s ahead of ours and 7 days behind. */
export function occurredAt(given: string | undefined, now: number): string {
  const said = given === undefined ? now : Date.parse(given);
  return new Date(Math.min(now + MAX_AHEAD_MS, Math.max(now - MAX_BEHIND_MS, said))).toISOString();
}
