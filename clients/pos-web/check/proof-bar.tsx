import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { memo } from "react";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { proofOf } from "./proof.ts";
import classes from "./bill-board.module.css";
import { useBehind } from "./use-behind.ts";
import type { Part } from "./use-bill.ts";
import { useSoon } from "./use-soon.ts";

type ProofBarProps = { readonly parts: readonly Part[] };

/** That the parts make up the whole: reckoned anew from all items after every change, right behind the frame that shows it. */
export function ProofBar({ parts }: ProofBarProps) {
  const ready = useSoon(false);
  const shown = useBehind(parts);
  return ready ? <Proof parts={shown} /> : <div className={classes["proof"]} />;
}

const Proof = memo(function Proof({ parts }: ProofBarProps) {
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
