import type { CheckState } from "#shared/domain/check/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { Pieces } from "../parts/pieces.tsx";
import classes from "./pay.module.css";
import { isWholeGroup, refundGroupsOf, withGroup, type ChosenLines, type RefundChoiceLine } from "./refund-choices.ts";

type RefundLinesProps = { readonly check: CheckState; readonly chosen: ChosenLines; readonly onChange: (chosen: ChosenLines) => void };

/** What is given back of each line: all that is left of it, or so many pieces; of a combo all of it with one tap, or a part. */
export function RefundLines({ check, chosen, onChange }: RefundLinesProps) {
  const text = useMoneyText();
  const money = (amount: bigint) => text(moneyOf(amount, check.currency));
  const line = (each: RefundChoiceLine) => <RefundLine key={each.share.share} line={each} price={money(each.price)} chosen={chosen} onChange={onChange} />;
  return (
    <div className={classes["refundable"]} role="group" aria-label="Items">
      {refundGroupsOf(check).map((group) =>
        group.name === null ? group.lines.map(line) : (
          <div key={group.key} className={classes["refundCombo"]} role="group" aria-label={group.name}>
            <button type="button" className={classes["refundLine"]} data-whole disabled={group.lines.every(({ gone }) => gone)} aria-pressed={isWholeGroup(chosen, group)} onClick={() => onChange(withGroup(chosen, group))}>
              <b>{group.name}, {group.lines.some(({ gone }) => gone) ? "what is left of it" : "all of it"}</b> <b>{money(group.price)}</b>
            </button>
            {group.lines.map(line)}
          </div>
        ),
      )}
    </div>
  );
}

type RefundLineProps = { readonly line: RefundChoiceLine; readonly price: string; readonly chosen: ChosenLines; readonly onChange: (chosen: ChosenLines) => void };

function RefundLine({ line: { share, words, pieces, gone }, price, chosen, onChange }: RefundLineProps) {
  const pressed = chosen.has(share.share);
  return (
    <div className={classes["refundPart"]} data-many={pieces > 1}>
      <button type="button" className={classes["refundLine"]} disabled={gone} aria-pressed={pressed} onClick={() => onChange(toggled(chosen, share.share))}>
        <span>{words}</span> <span>{price}</span>
      </button>
      {pressed && pieces > 1 ? <Pieces label={`Pieces of ${share.name}`} now={chosen.get(share.share) ?? pieces} of={pieces} onChange={(count) => onChange(new Map(chosen).set(share.share, count === pieces ? null : count))} /> : null}
    </div>
  );
}

function toggled(chosen: ChosenLines, share: string): ChosenLines {
  const next = new Map(chosen);
  if (!next.delete(share)) next.set(share, null);
  return next;
}
