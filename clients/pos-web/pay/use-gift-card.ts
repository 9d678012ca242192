import { useState } from "react";
import { typedGiftCardCode } from "#shared/domain/gift-card/code.ts";
import type { Money } from "#shared/events/primitives.ts";
import { failureOf } from "../../kit/api.ts";
import { useHub } from "../../kit/hooks.ts";
import { refusalInWords } from "../../kit/words/refusals.ts";

type Found = { readonly code: string; readonly card: string; readonly balance: Money };

/** A gift card by the number on it, as the hub knows it; another number forgets what was found. */
export function useGiftCard() {
  const hub = useHub();
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const code = typedGiftCardCode(typed);

  async function look() {
    if (code === undefined) return;
    try {
      const { card, balance } = await hub.api.query<{ card: string; balance: Money }>("giftCard.find", { code: typed }, await hub.token());
      setFound({ code, card, balance });
      setMissing(null);
    } catch (error) {
      const failure = failureOf(error);
      setMissing(failure.kind === "refused" ? refusalInWords(failure.refusal) : "The hub does not answer.");
    }
  }
  return { typed, setTyped, right: code !== undefined, known: found !== null && found.code === code ? found : null, missing, look };
}
