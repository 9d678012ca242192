import { memo } from "react";
import { cutAmount, lineAmount } from "#shared/domain/check/lines.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Share } from "#shared/events/sale-check.ts";
import type { Rounding } from "#shared/money/rounding.ts";
import classes from "./line-card.module.css";
import { borneOf } from "./share-words.ts";

type LineCardProps = {
  readonly share: Share;
  /** Of its check. */
  readonly currency: string;
  readonly rounding: Rounding;
  readonly text: (money: Money) => string;
  readonly selected: boolean;
  /** How many pieces of it are meant; null: all. */
  readonly quantity: string | null;
  readonly disabled: boolean;
  /** Touched by another tablet a moment ago. */
  readonly fresh: boolean;
  readonly large: boolean;
};

/**
 * One line of a part: tapped to be meant, dragged to be moved. A bill has hundreds: each is drawn again only for what it shows itself, is made of no more
 * elements than it takes, and leaves its taps to the list that it stands in.
 */
export const LineCard = memo(function LineCard({ share, currency, rounding, text, selected, quantity, disabled, fresh, large }: LineCardProps) {
  const { count, fraction } = borneOf(share);
  const listed = lineAmount(share, rounding);
  const off = cutAmount(share);
  const amount = text({ amount: (listed - off).toString(), currency: currency });
  const pieces = count === "1" ? "" : (count ?? "");
  const notes = large && share.modifiers.length > 0;
  return (
    <button
      type="button"
      className={classes["card"]}
      data-share={share.share}
      data-seat={share.seat ?? "•"}
      data-shared={share.seat === null || undefined}
      data-large={large || undefined}
      data-fresh={fresh || undefined}
      aria-pressed={selected}
      aria-label={[pieces ? `${pieces} ${share.name}` : share.name, fraction ? `a part, ${fraction}` : "", share.seat === null ? "shared" : `seat ${share.seat}`, amount].filter(Boolean).join(", ")}
      disabled={disabled}
    >
      {pieces || fraction || share.combo || notes ? (
        <span className={classes["what"]}>
          {pieces ? <b>{selected && quantity !== null ? `${quantity} of ${pieces}` : pieces} × </b> : null}
          {share.name}
          {fraction ? <b className={classes["fraction"]}>{fraction}</b> : null}
          {share.combo ? <small>{share.combo.name}</small> : null}
          {notes ? <small>{share.modifiers.map((modifier) => (modifier.price.amount === "0" ? modifier.name : `${modifier.name} +${text(modifier.price)}`)).join(", ")}</small> : null}
        </span>
      ) : share.name}
      <span className={classes["amount"]}>
        {off === 0n ? null : <s>{text({ amount: listed.toString(), currency: currency })}</s>}
        {amount}
      </span>
    </button>
  );
});
