import type { Payout, ProviderKind, ProviderRequestKind, RefundDocument } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import type { Person } from "../floor/state.ts";
import type { PaymentStatus } from "./machine.ts";

/** What a provider was asked for with it. */
export type AttemptRequest = { readonly provider: string; readonly kind: ProviderKind; readonly tip: Money; readonly capture: "now" | "later"; readonly expiresAt: string };
/** Asked of the provider and not answered yet: nothing else is asked meanwhile. */
export type PendingRequest = { readonly request: ProviderRequestKind; readonly amount: Money | null; readonly tip: Money | null; readonly reason: string | null; readonly by: Person | null };

export type PaymentState = {
  readonly id: string;
  readonly check: string;
  readonly order: string;
  readonly drawer: string | null;
  /** What of the check it pays (or is to pay). */
  readonly tender: Tender;
  readonly status: PaymentStatus;
  readonly attempt: string | null;
  readonly by: Person;
  readonly createdAt: string;
  /** Null for what is taken by hand. */
  readonly request: AttemptRequest | null;
  readonly reference: string | null;
  /** What the guest is to scan. */
  readonly qr: string | null;
  /** What an authorisation holds. */
  readonly held: Money | null;
  readonly pending: PendingRequest | null;
  /** Who said that it ended: what the hub or a manager ended may still turn out to be paid. */
  readonly endedBy: "provider" | "hub" | "manager" | null;
  readonly reason: string | null;
  /** A manager said that it was captured, not the provider. */
  readonly decided?: true;
  /** What the provider said last that cannot be, or was not believed. */
  readonly contradicted?: string;
  /** Of what was booked, what never came: told to people until one has seen it. */
  readonly missing?: Money;
  /** Its check was closed when the money went, so that the house bore it. */
  readonly writtenOff?: true;
  /** How often it was found to be with us after it had been taken back. */
  readonly recovered?: number;
  /** It succeeded after it had ended. */
  readonly late: boolean;
  /** Taken beyond what the check could take. */
  readonly overpaid: Money | null;
  /** Refunds hold these of what was captured. */
  readonly refunds: readonly { readonly refund: string; readonly amount: Money; readonly tip: Money; readonly overpayment: boolean }[];
  readonly settled: { readonly gross: Money; readonly fee: Money; readonly net: Money } | null;
};

export type PayoutStatus = "pending" | "sent" | "success" | "failed" | "unknown";
/**
 * Of a provider's: `asked`, the event of its present try; `paidBy`, the request that it paid it for, when it said so (or that had moved in another currency, when a manager said that it was paid). `decided`: a manager said what became of the present
 * try, and not the provider; `over`, why it had been unknown; `stands`: also after the provider had said no. `contradicted`: what it says against a manager's word that it was paid.
 * `notPaid`: how often it had counted as paid and was found not to be.
 */
export type PayoutState = Payout & {
  readonly status: PayoutStatus;
  readonly reason: string | null;
  readonly asked?: string;
  readonly paidBy?: string;
  readonly decided?: { readonly over: string | null; readonly stands?: true };
  readonly contradicted?: string;
  readonly notPaid?: number;
};
export type RefundState = {
  readonly id: string;
  readonly document: RefundDocument;
  readonly businessDate: string | null;
  readonly payouts: readonly PayoutState[];
  /** Asked of a provider once, and sent another way since. */
  readonly rerouted?: readonly Payout[];
  readonly cancelled: boolean;
  /** What a provider paid out after it had gone another way, been taken back, or been paid for another try: the guest has it twice. */
  readonly paidLate?: readonly (Payout & { readonly resolved?: true; readonly request?: string })[];
  /** What a provider says that it paid out in another currency than it was asked for: told to people once each. */
  readonly moved?: readonly { readonly payment: string; readonly currency: string; readonly request?: string }[];
};

export type HouseAccountState = { readonly id: string; readonly name: string; readonly limit: Money | null; readonly balance: Money; readonly blocked: boolean; readonly closed: boolean };
/** Stream `acp_…`: one payment of an account, once. */
export type AccountPaymentState = { readonly account: string };
/** Stream `vou_…`: the payment that it was taken for. */
export type VoucherState = { readonly payment: string | null; readonly check: string | null };
/** Stream `whk_…`: one webhook, once. */
export type WebhookState = { readonly bodyHash: string };
