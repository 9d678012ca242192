import type { CategoryState, ProductState } from "#shared/domain/menu/state.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import type { ButtonPrice } from "./button-price.ts";
import { needsSheet } from "./choices.ts";
import classes from "./menu-pane.module.css";

export type ProductButtonProps = {
  readonly product: ProductState;
  readonly category: CategoryState | undefined;
  readonly now: ButtonPrice;
  /** Null: not counted. */
  readonly left: string | null;
  readonly onPick: (product: ProductState) => void;
  /** A long press or a right click: with wishes, though none is forced. */
  readonly onOptions: (product: ProductState) => void;
};

export function ProductButton({ product, category, now, left, onPick, onOptions }: ProductButtonProps) {
  const money = useMoneyText();
  const soldOut = left !== null && Number(left) <= 0;
  const stock = left === null ? "" : soldOut ? "sold out" : `${left} left`;
  return (
    <button
      type="button"
      className={classes["product"]}
      style={{ "--category": category?.color ?? "#b8a996" }}
      disabled={soldOut}
      aria-label={product.names.button}
      aria-description={[stock, now.happy ?? "", needsSheet(product) ? "asks for a choice" : ""].filter(Boolean).join(", ")}
      onClick={() => onPick(product)}
      onContextMenu={(event) => {
        event.preventDefault();
        if (!soldOut) onOptions(product);
      }}
    >
      <span className={classes["name"]}>{product.names.button}</span>
      <span className={classes["foot"]}>
        {stock ? <b data-out={soldOut}>{stock}</b> : <span>{product.number}</span>}
        {soldOut ? null : <span data-happy={now.happy !== null}>{money(now.price)}</span>}
      </span>
    </button>
  );
}
