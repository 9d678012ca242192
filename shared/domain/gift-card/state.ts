import type { Money } from "#shared/events/primitives.ts";

/** Stored value (DOM-8). Every change names the balance it was decided on by the stream's version, so two redemptions at once never overdraw. */
export type GiftCardState = {
  readonly id: string;
  readonly balance: Money;
  /** All that was ever put on it by sales and not refunded. */
  readonly loaded: Money;
  readonly soldOn: string;
  /** What each payment took and has not been given back. */
  readonly redeemed: Readonly<Record<string, string>>;
};
