const DISHES = 500n;
const FLOATS = 10n;

/**
 * Whether a count is far more than a drawer of this place can hold, so that it is rather a slip of the fingers. Minor units. It is held to what anybody may know, the float and
 * the dearest thing on the menu, never to what should be in the drawer: the count stays blind.
 */
export function isBeyondSense(counted: bigint, { float, dearest }: { readonly float: bigint; readonly dearest: bigint }): boolean {
  return counted > dearest * DISHES + float * FLOATS;
}
