import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { id, moneyPositive, person } from "./primitives.ts";

/** Stream `gft_<ulid of the item>` that sold it. Amounts are positive; the type says which way they went. */
export const giftCardEvents = [
  /** The check with it (or its part of it) was closed: from now on it can be spent. In the ledger it is in `totals.storedValue` of that check. */
  event("giftcard.loaded", 1, z.object({ amount: moneyPositive, check: id("check"), item: id("item"), by: person })),
  /** A tender. `left` is the balance after it. */
  event("giftcard.redeemed", 1, z.object({ amount: moneyPositive, left: z.string(), payment: id("payment"), check: id("check"), by: person })),
  /** A redemption undone (wrong tender, refund): the money is on the card again. `document` names the refund. */
  event("giftcard.returned", 1, z.object({ amount: moneyPositive, left: z.string(), payment: id("payment"), document: z.string().max(60).nullable(), by: person })),
  /** Its sale was refunded before anybody spent of it: nothing is on it any more. */
  event("giftcard.refunded", 1, z.object({ amount: moneyPositive, refund: id("refund"), check: id("check"), by: person })),
  /** That refund was cancelled. */
  event("giftcard.restored", 1, z.object({ amount: moneyPositive, refund: id("refund"), by: person })),
] as const;
export type GiftCardEvent = EventOf<typeof giftCardEvents>;
