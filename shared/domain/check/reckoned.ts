import type { Share } from "#shared/events/sale-check.ts";
import type { Rounding } from "#shared/money/rounding.ts";
import { notes } from "../noted.ts";
import { cutAmount, lineAmount } from "./lines.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";

/** Minor units: as listed, and what is left of it after adjustments. */
export type ReckonedLine = { readonly share: Share; readonly listed: bigint; readonly payable: bigint };
type Reckoned = { readonly rounding: Rounding; readonly lines: readonly ReckonedLine[] };

/** States do not change, and most of what is made of one keeps its shares: their amounts are worked out once. */
const known = notes<CheckState["shares"], Reckoned>();

export function reckonedLines({ shares, policies }: Pick<CheckState, "shares" | "policies">): readonly ReckonedLine[] {
  const { rounding } = policies;
  const before = known.of(shares);
  if (before && before.rounding.mode === rounding.mode && before.rounding.unit === rounding.unit) return before.lines;
  const lines = shareList(shares).map((share): ReckonedLine => {
    const listed = lineAmount(share, rounding);
    return { share, listed, payable: share.cuts === undefined ? listed : listed - cutAmount(share) };
  });
  return known.note(shares, { rounding, lines }).lines;
}
