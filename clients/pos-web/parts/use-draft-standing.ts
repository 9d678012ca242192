import { useEffect } from "react";
import { draftStanding, type DraftStanding } from "./draft-standing.ts";

type Draft = { readonly start: unknown; readonly now: unknown; readonly draft: unknown; readonly busy: boolean; readonly onLookAgain: () => void };

/** Takes over what is now by itself when nothing that was typed is lost; while it is being saved nothing is decided, because the hub may still refuse it. */
export function useDraftStanding({ start, now, draft, busy, onLookAgain }: Draft): DraftStanding {
  const standing = busy ? "same" : draftStanding(start, now, draft);
  useEffect(() => {
    if (standing === "follow") onLookAgain();
  }, [standing, onLookAgain]);
  return standing;
}
