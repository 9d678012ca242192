import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { memo } from "react";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { proofOf } from "./proof.ts";
import classes from "./bill-board.module.css";
import type { Part } from "./use-bill.ts";

/** That the parts make up the whole, reckoned anew from the items after every change. */
export const ProofBar = memo(function ProofBar({ parts }: { readonly parts: readonly Part[] }) {
  const text = useMoneyText();
  const [first] = parts;
  if (!first) return null;
  const proof = proofOf(parts.map((part) => part.check));
  const money = (amount: bigint) => text({ amount: amount.toString(), currency: first.check.currency });
  const good = proof.whole;
  return (
    <div className={classes["proof"]} data-good={good} role="status" aria-label="Whole bill">
      {good ? <IconCircleCheck size={22} aria-hidden /> : <IconAlertTriangle size={22} aria-hidden />}
      <span>
        {good ? `${parts.length} parts make the whole` : proof.elsewhere > 0 ? `${proof.elsewhere} shared ${proof.elsewhere === 1 ? "item has" : "items have"} parts elsewhere` : "The parts do not make the whole"}: <b>{money(proof.total)}</b>
      </span>
      <span>paid <b>{money(proof.paid)}</b></span>
      {proof.tips === 0n ? null : <span>tips <b>{money(proof.tips)}</b></span>}
      <span className={classes["left"]}>left over <b>{money(proof.due)}</b></span>
    </div>
  );
});
