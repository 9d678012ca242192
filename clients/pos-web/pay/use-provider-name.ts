import type { PaymentMethod } from "#shared/events/sale-check.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { METHOD_WORDS } from "../../kit/words/methods.ts";

/** How the place calls a terminal or a QR provider; one that it is not connected to any more is called by what it does. */
export function useProviderName(): (provider: string | null | undefined, method: PaymentMethod | null) => string {
  const providers = useMerchant()?.providers;
  return (provider, method) => providers?.find((each) => each.provider === provider)?.name ?? (method === null ? "Payment" : METHOD_WORDS[method]);
}
