import { thousandths } from "./quantity.ts";
import { divideRounded } from "./rounding.ts";

type Cost = { readonly amount: { readonly amount: string }; readonly per: string };

/** What a quantity is worth in minor units at a cost per so much of it: 2.5 kg at 12.50 for 1000 g. Half up, once. */
export function worthOf(quantity: string, { amount, per }: Cost): bigint {
  return divideRounded(BigInt(amount.amount) * thousandths(quantity), thousandths(per), "half-up");
}

/** What so much of it costs when `quantity` cost `total`, in minor units. */
export function costPer(total: bigint, quantity: string, per: string): bigint {
  return divideRounded(total * thousandths(per), thousandths(quantity), "half-up");
}
