import type { Policies } from "#shared/events/commerce.ts";
import type { Receipt, Share, Tender } from "#shared/events/sale-check.ts";
import type { Person } from "../floor/state.ts";
import type { CheckRefund, OpenAttempt } from "./evolve-payments.ts";

/** DOM-13. */
export type CheckStatus = "open" | "presented" | "paid" | "closed" | "voided";
export type CheckState = {
  readonly id: string;
  readonly order: string;
  readonly party: string | null;
  readonly label: string;
  readonly serviceType: "dine_in" | "takeaway" | "delivery";
  readonly currency: string;
  readonly policies: Policies;
  readonly server: Person;
  readonly openedAt: string;
  readonly status: CheckStatus;
  /** How often it was presented; `outdated` after a change since. */
  readonly presented: number;
  readonly outdated: boolean;
  readonly tenders: readonly Tender[];
  /** Attempts at providers that are not over; see evolve-payments.ts for what they lock. */
  readonly attempts?: readonly OpenAttempt[];
  /** Of the closed check. */
  readonly refunds?: readonly CheckRefund[];
  /** Set when closed. */
  readonly number: string | null;
  readonly receipt: Receipt | null;
  readonly copies: number;
  readonly shares: Readonly<Record<string, Share>>;
};
export type SeriesState = { readonly series: string; readonly next: number };
