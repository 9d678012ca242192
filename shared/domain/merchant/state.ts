import type { MerchantProfile, Policies, PriceRule, PrinterSettings, RouteRule, Station } from "#shared/events/commerce.ts";
import type { PaymentProvider } from "#shared/events/payment.ts";

export type OrganizerState = { readonly id: string; readonly name: string };

/** Stream = the merchant's id. Settings are events too: one log, one audit. */
export type MerchantState = MerchantProfile & {
  readonly id: string;
  /** When it was set up. */
  readonly createdAt: string;
  /** Null until the first `commerce.policies.changed`; nothing can be sold before. */
  readonly policies: Policies | null;
  /** The last business date that a manager has closed (DOM-16); money is dated after it. */
  readonly closedThrough: string | null;
  /** Happy hours; the first that fits an item prices it. */
  readonly priceRules: readonly PriceRule[];
  readonly stations: readonly Station[];
  readonly printers: readonly PrinterSettings[];
  readonly routes: readonly RouteRule[];
  /** Terminals and QR providers; none until one is connected. */
  readonly providers?: readonly PaymentProvider[];
};

/** All of the profile that can be changed. */
export function profileOf({ name, displayDigits, zone, cutOver, locale, address }: MerchantState): Omit<MerchantProfile, "currency"> {
  return { name, displayDigits, zone, cutOver, locale, address };
}
