import type { CheckState } from "#shared/domain/check/state.ts";
import { billedQuantity, leftToRefund } from "#shared/domain/payment/refund-quantity.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { linesOf } from "../check/parts.ts";
import { borneOf } from "../check/share-words.ts";
import { Pieces } from "../parts/pieces.tsx";
import classes from "./pay.module.css";

/** By share; with how many pieces of it, or null for all that is left of it. */
export type ChosenLines = ReadonlyMap<string, number | null>;
type RefundLinesProps = { readonly check: CheckState; readonly chosen: ChosenLines; readonly onChange: (chosen: ChosenLines) => void };

/** What is given back of each line: all that is left of it, or so many pieces. */
export function RefundLines({ check, chosen, onChange }: RefundLinesProps) {
  return (
    <div className={classes["refundable"]} role="group" aria-label="Items">
      {linesOf(check).map((share) => {
        const left = leftToRefund(check, share);
        const pieces = /^\d+$/.test(left) && share.kind !== "stored-value" && borneOf(share).count !== null ? Number(left) : 1;
        const pressed = chosen.has(share.share);
        return (
          <div key={share.share} className={classes["refundPart"]} data-many={pieces > 1}>
            <button type="button" className={classes["refundLine"]} disabled={left === "0"} aria-pressed={pressed} onClick={() => onChange(toggled(chosen, share.share))}>{wordsOf(share, left)}</button>
            {pressed && pieces > 1 ? <Pieces label={`Pieces of ${share.name}`} now={chosen.get(share.share) ?? pieces} of={pieces} onChange={(count) => onChange(new Map(chosen).set(share.share, count === pieces ? null : count))} /> : null}
          </div>
        );
      })}
    </div>
  );
}

/** "2 × Still water (1 refunded)": what is still there to be given back. */
function wordsOf(share: Share, left: string): string {
  const { fraction } = borneOf(share);
  const billed = billedQuantity(share);
  const counted = fraction === null ? (left === "0" ? billed : left) : fraction;
  const gone = left === "0" ? " (refunded)" : left === billed ? "" : ` (of ${billed}, the others were refunded)`;
  return `${counted === "1" && billed === "1" ? "" : `${counted} × `}${share.name}${gone}`;
}

function toggled(chosen: ChosenLines, share: string): ChosenLines {
  const next = new Map(chosen);
  if (!next.delete(share)) next.set(share, null);
  return next;
}
