import { newId } from "../../clients/kit/ids.ts";
import { stateOf } from "../../clients/kit/sync/world.ts";
import { waitFor } from "../services/server.ts";
import type { Restaurant } from "../survival/restaurant.ts";
import { tapsOf } from "../survival/taps.ts";

const SOON = 30_000;

/** Two people ask two terminals for one check at the same moment, and a guest pays wherever somebody holds one out. */
export async function twoTerminals({ tablets, menu, providers }: Restaurant): Promise<void> {
  const [one, other] = tablets;
  const [dish] = menu;
  const [provider] = providers;
  if (one === undefined || other === undefined || dish === undefined || provider === undefined) throw new Error("there is nobody to charge");
  const { must } = tapsOf(one, async () => {});
  const order = newId("order");
  const opening = { serviceType: "takeaway" as const, label: "Two terminals", channel: "tablet" as const, customer: null, promisedAt: null };
  const { check } = await must("order.addItems", { order, opening, items: [{ ...dish, item: newId("item") }] });
  await waitFor("both tablets to show the check", SOON, () => [one, other].every((tablet) => stateOf(tablet.world.confirmed(), "check", check) !== undefined));
  const payments = await Promise.all([one, other].map(async (tablet) => {
    const payment = newId("payment");
    const answer = await tablet.send("payment.startAttempt", { payment, check, provider });
    return answer.ok ? [payment] : [];
  }));
  await waitFor("the guest to pay", SOON, () => payments.flat().every((payment) => stateOf(one.world.confirmed(), "payment", payment)?.status === "captured"));
}
