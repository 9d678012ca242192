import type { Ref } from "../aggregate.ts";
import type { Context, Reader } from "../command.ts";
import { ref } from "../deciding.ts";
import { runningRules } from "../menu/price-rules.ts";
import { policiesNow } from "../merchant/charged-unit.ts";
import { countdownStream } from "../streams.ts";
import type { Menu } from "./price-item.ts";

/** What pricing the products needs to be read. */
export function menuRefs(products: readonly string[], context: Context): readonly Ref[] {
  const refs: Ref[] = [ref("merchant", context.merchant)];
  for (const product of new Set(products)) refs.push(ref("product", product), ref("countdown", countdownStream(product)));
  return refs;
}

/** Undefined: the merchant is not set up, nothing can be sold. */
export function menuOf(reader: Reader, context: Context): Menu | undefined {
  const merchant = reader.get("merchant", context.merchant);
  const policies = merchant && policiesNow(merchant);
  if (!policies) return undefined;
  return {
    policies,
    running: runningRules(merchant.priceRules, context.now, merchant.zone),
    product: (id) => reader.get("product", id),
    countdown: (product) => reader.get("countdown", countdownStream(product)),
  };
}
