import type { CheckState } from "#shared/domain/check/state.ts";
import { cutAmount, lineAmount } from "#shared/domain/check/lines.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import classes from "./line-card.module.css";
import { borneOf } from "./share-words.ts";

type LineCardProps = {
  readonly share: Share;
  readonly check: CheckState;
  readonly selected: boolean;
  /** How many pieces of it are meant; null: all. */
  readonly quantity: string | null;
  readonly disabled: boolean;
  /** Touched by another tablet a moment ago. */
  readonly fresh: boolean;
  readonly large: boolean;
  readonly onToggle: () => void;
};

/** One line of a part: tapped to be meant, dragged to be moved. */
export function LineCard({ share, check, selected, quantity, disabled, fresh, large, onToggle }: LineCardProps) {
  const text = useMoneyText();
  const { count, fraction } = borneOf(share);
  const listed = lineAmount(share, check.policies.rounding.mode);
  const off = cutAmount(share);
  const amount = text({ amount: (listed - off).toString(), currency: check.currency });
  const pieces = count === "1" ? "" : (count ?? "");
  return (
    <button
      type="button"
      className={classes["card"]}
      data-share={share.share}
      data-large={large}
      data-fresh={fresh}
      aria-pressed={selected}
      aria-label={[pieces ? `${pieces} ${share.name}` : share.name, fraction ? `a part, ${fraction}` : "", share.seat === null ? "shared" : `seat ${share.seat}`, amount].filter(Boolean).join(", ")}
      disabled={disabled}
      onClick={onToggle}
    >
      <span className={classes["seat"]} data-shared={share.seat === null}>{share.seat ?? "•"}</span>
      <span className={classes["what"]}>
        <span className={classes["name"]}>
          {pieces ? <b>{selected && quantity !== null ? `${quantity} of ${pieces}` : pieces} × </b> : null}
          {share.name}
          {fraction ? <b className={classes["fraction"]}>{fraction}</b> : null}
        </span>
        {share.combo ? <small>{share.combo.name}</small> : null}
        {large && share.modifiers.length > 0 ? <small>{share.modifiers.map((modifier) => (modifier.price.amount === "0" ? modifier.name : `${modifier.name} +${text(modifier.price)}`)).join(", ")}</small> : null}
      </span>
      <span className={classes["amount"]}>
        {off === 0n ? null : <s>{text({ amount: listed.toString(), currency: check.currency })}</s>}
        {amount}
      </span>
    </button>
  );
}
