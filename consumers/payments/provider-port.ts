import type { AttemptView, RefundView } from "#shared/protocol/payment-provider.ts";
import type { RequestBody } from "./requests.ts";

/** What came of asking a provider. */
export type Answer<View> =
  | { readonly answered: View }
  /** A no that stays a no. */
  | { readonly refused: string }
  /** It does not know the attempt. */
  | { readonly notFound: true }
  /** `sent`: it may have been heard and done; else it never left us. */
  | { readonly unreachable: string; readonly sent: boolean };

/**
 * A payment provider. Every call names what it is about and, by `key`, which wish it is: the same key again is the same wish, never a second one.
 * A real one is put behind this port; the simulator of scripts/payment-simulator speaks what `http-provider.ts` speaks.
 */
export type PaymentProviderPort = {
  start(attempt: string, body: RequestBody, key: string): Promise<Answer<AttemptView>>;
  ask(attempt: string): Promise<Answer<AttemptView>>;
  capture(attempt: string, body: RequestBody, key: string): Promise<Answer<AttemptView>>;
  /** To hold `amount` in all. */
  increment(attempt: string, body: RequestBody, key: string): Promise<Answer<AttemptView>>;
  adjustTip(attempt: string, body: RequestBody, key: string): Promise<Answer<AttemptView>>;
  /** Stops an attempt, or gives back what is only held. */
  cancel(attempt: string, key: string): Promise<Answer<AttemptView>>;
  /** Gives back what was captured and is not settled. */
  reverse(attempt: string, key: string): Promise<Answer<AttemptView>>;
  refund(refund: string, attempt: string, body: RequestBody, key: string): Promise<Answer<RefundView>>;
  /** What became of the refund that was asked for by `key`. `notFound`: it has heard of none. */
  askRefund(key: string): Promise<Answer<RefundView>>;
};
