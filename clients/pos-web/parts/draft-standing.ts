import { sameJson } from "#shared/domain/same.ts";

/**
 * What becomes of a draft that was begun at `start` when `now` counts: it goes on (`same`), what is now may be taken over because nothing was typed or it is what was typed
 * (`follow`), or others have changed it meanwhile and somebody has to look (`changed`).
 */
export type DraftStanding = "same" | "follow" | "changed";

export function draftStanding(start: unknown, now: unknown, draft: unknown): DraftStanding {
  if (sameJson(start, now)) return "same";
  return sameJson(draft, start) || sameJson(draft, now) ? "follow" : "changed";
}
