import type { Policies } from "#shared/events/commerce.ts";
import type { Adjustment, Allotted, CheckCharge, CheckPart, Operation, Receipt, Share, Tender } from "#shared/events/sale-check.ts";
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
  /** DOM-11: the check that names all members of its family, itself for the one that does; absent or null: it stands alone. */
  readonly family?: string | null;
  /** On that check only: every check that bears parts of the family's items, in the order they were made. */
  readonly members?: readonly string[];
  /** What it was given of the family's charge and taxes; absent or null: it rounds for itself. */
  readonly allotted?: Allotted | null;
  /** To the whole check; rates cover later items. */
  readonly adjustments?: readonly Adjustment[];
  /** Its own service charge; null: none. Absent: its policy's. */
  readonly charge?: CheckCharge | null;
  /** Payment parts; `paid`: its money when it was paid in full, which it keeps whatever comes later. */
  readonly parts?: readonly (CheckPart & { readonly paid: string | null })[];
  /** Seats whose new items come here. */
  readonly seats?: readonly number[];
  /** The last surgeries, latest last, until they are undone. On other than the first of its checks an operation is named only. */
  readonly operations?: readonly Operation[];
  /** Checks that were made beside it, undone or not: they were called as it was then. */
  readonly beside?: readonly string[];
  /** The payment that was begun last and came to nothing, until another one is begun or taken: people are told why. */
  readonly ended?: string;
  /** Set while the status is voided because it was merged. */
  readonly mergedInto?: string | null;
};
export type SeriesState = { readonly series: string; readonly next: number };
