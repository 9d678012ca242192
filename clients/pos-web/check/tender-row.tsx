import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { useAggregate } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { METHOD_WORDS } from "../../kit/words/methods.ts";
import classes from "./part-panel.module.css";
import { TenderSheet } from "./tender-sheet.tsx";
import { TipCoins, type TipInCoins } from "./tip-step.tsx";

/** Whose account it is stands on the account alone; a bill has its code, and what the hub tells of earlier bills the name. */
export function useTenderName(tender: Tender): string {
  const account = useAggregate("house-account", tender.method === "house-account" ? tender.account : undefined);
  const which = tender.method === "card-manual" ? `slip ${tender.slip ?? ""}` : (account?.name ?? tender.reference);
  const name = tender.method === "card-manual" ? "Card" : METHOD_WORDS[tender.method];
  return which ? `${name}, ${which}` : name;
}

/** A payment on the bill; a tap shows what can still be done with it. */
export function TenderRow({ tender, check }: { readonly tender: Tender; readonly check: CheckState }) {
  const text = useMoneyText();
  const [open, setOpen] = useState(false);
  // Somebody may have to agree to it first, here or elsewhere.
  const [tipMeant, setTipMeant] = useState<TipInCoins | null>(null);
  const name = useTenderName(tender);
  const payment = useAggregate("payment", tender.payment);
  const extra = [
    payment?.late === true ? "came after its time was over" : null,
    tender.tip.amount === "0" ? null : `tip ${text(tender.tip)}`,
    tender.change && tender.change.amount !== "0" ? `change ${text(tender.change)}` : null,
    tender.roundingDifference.amount === "0" ? null : `rounding ${text(tender.roundingDifference)}`,
  ].filter(Boolean);
  return (
    <>
      <button type="button" className={classes["tender"]} onClick={() => setOpen(true)} aria-label={`${name}, ${text(tender.amount)}`}>
        <span>
          {name}
          {extra.length > 0 ? <small> · {extra.join(" · ")}</small> : null}
        </span>
        <span>−{text(tender.amount)}</span>
      </button>
      {open ? <TenderSheet tender={tender} check={check} onTipCoins={setTipMeant} onClose={() => setOpen(false)} /> : null}
      {!open && tipMeant?.tip.amount === tender.tip.amount ? <TipCoins coins={tipMeant.coins} onDone={() => setTipMeant(null)} /> : null}
    </>
  );
}
