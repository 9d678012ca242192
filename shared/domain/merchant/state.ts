import type { MerchantProfile, Policies, PrinterSettings, RouteRule, Station } from "#shared/events/commerce.ts";

export type OrganizerState = { readonly id: string; readonly name: string };

/** Stream = the merchant's id. Settings are events too: one log, one audit. */
export type MerchantState = MerchantProfile & {
  readonly id: string;
  /** Null until the first `commerce.policies.changed`; nothing can be sold before. */
  readonly policies: Policies | null;
  readonly stations: readonly Station[];
  readonly printers: readonly PrinterSettings[];
  readonly routes: readonly RouteRule[];
};
