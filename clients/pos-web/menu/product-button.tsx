import type { CategoryState, ProductState } from "#shared/domain/menu/state.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { needsSheet } from "./choices.ts";
import classes from "./menu-pane.module.css";

export type ProductButtonProps = {
  readonly product: ProductState;
  readonly category: CategoryState | undefined;
  /** Null: not counted. */
  readonly left: string | null;
  readonly onPick: (product: ProductState) => void;
  /** A long press or a right click: with wishes, though none is forced. */
  readonly onOptions: (product: ProductState) => void;
};

export function ProductButton({ product, category, left, onPick, onOptions }: ProductButtonProps) {
  const money = useMoneyText();
  const soldOut = left !== null && Number(left) <= 0;
  const price = product.variants[0]?.price ?? product.price;
  const stock = left === null ? "" : soldOut ? "sold out" : `${left} left`;
  return (
    <button
      type="button"
      className={classes["product"]}
      style={{ "--category": category?.color ?? "#b8a996" }}
      disabled={soldOut}
      aria-label={product.names.button}
      aria-description={[stock, needsSheet(product) ? "asks for a choice" : ""].filter(Boolean).join(", ")}
      onClick={() => onPick(product)}
      onContextMenu={(event) => {
        event.preventDefault();
        if (!soldOut) onOptions(product);
      }}
    >
      <span className={classes["name"]}>{product.names.button}</span>
      <span className={classes["foot"]}>
        {stock ? <b data-out={soldOut}>{stock}</b> : <span>{product.number}</span>}
        {soldOut ? null : <span>{money(price)}</span>}
      </span>
    </button>
  );
}
