import type { Policies } from "#shared/events/commerce.ts";
import type { CheckCharge } from "#shared/events/sale-check.ts";

/** DOM-12: the rule with the most covers that the party reaches; undefined: the policy's own rate. */
export function chargeForCovers({ serviceCharge }: Policies, covers: number): CheckCharge | undefined {
  const reached = (serviceCharge?.bySize ?? []).filter(({ minCovers }) => covers >= minCovers);
  const [most] = [...reached].sort((a, b) => b.minCovers - a.minCovers);
  return most && { rate: most.rate, removable: most.removable };
}
