import { BELIEVED_BEHIND_MS } from "#shared/domain/business-date.ts";

const MAX_AHEAD_MS = 5_000;

/** When it happened, by the device's clock as far as that can be believed: at most 5 s ahead of ours and 7 days behind. */
export function occurredAt(given: string | undefined, now: number): string {
  const said = given === undefined ? now : Date.parse(given);
  return new Date(Math.min(now + MAX_AHEAD_MS, Math.max(now - BELIEVED_BEHIND_MS, said))).toISOString();
}
