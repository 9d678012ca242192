import type { ProductState } from "#shared/domain/menu/state.ts";
import { minorUnits } from "#shared/money/money.ts";

const DISHES = 500n;
const FLOATS = 10n;

/** Minor units; 0 of an empty menu. */
export function dearestOf(products: readonly Pick<ProductState, "price">[]): bigint {
  return products.reduce((most, { price }) => (minorUnits(price) > most ? minorUnits(price) : most), 0n);
}

/**
 * Whether a count, or what is said to be taken out, is far more than a drawer of this place can hold, so that it is rather a slip of the fingers. Minor units. It is held to what anybody may know, the float and
 * the dearest thing on the menu, never to what should be in the drawer: the count stays blind.
 */
export function isBeyondSense(amount: bigint, { float, dearest }: { readonly float: bigint; readonly dearest: bigint }): boolean {
  return amount > dearest * DISHES + float * FLOATS;
}
