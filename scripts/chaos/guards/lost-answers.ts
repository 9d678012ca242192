import { cuttingProxy } from "#hub/log/testing/cutting-proxy.ts";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import { newId } from "../../../clients/kit/ids.ts";
import { waitFor } from "../../services/server.ts";
import { placeOf } from "../../survival/kills.ts";
import type { Restaurant } from "../../survival/restaurant.ts";
import type { Stage } from "../../survival/stage.ts";
import { tapsOf } from "../../survival/taps.ts";

const SOON = 30_000;

/**
 * A waiter whose network loses answers presents a bill, takes cash and prints a receipt, each with one tap: it is done, its tablet does not hear of it and sends
 * it again. A bill and a receipt have no id of their own that would refuse the second. Answers how to end the network, which the tablet goes on to use.
 */
export async function answersLost({ stack, balancer, admin }: Pick<Stage, "stack" | "balancer" | "admin">, { openTablet, menu, drawer, place }: Restaurant): Promise<() => Promise<void>> {
  const [dish] = menu;
  if (dish === undefined) throw new Error("there is nothing to order");
  const url = balancer?.url ?? stack.url;
  const network = await cuttingProxy(url);
  const tablet = await openTablet("where answers get lost", { callUrl: network.through(url).replace(/\/$/, "") });
  await waitFor("the tablet to be live", SOON, () => tablet.connection.state.get().phase === "live");
  const { must } = tapsOf(tablet, async () => {});

  const withAnswerLost = async <Type extends CommandType>(type: Type, input: CommandInput<Type>): Promise<CommandAnswer<CommandResult<Type>>> => {
    network.swallowAnswers();
    const sending = tablet.send(type, input);
    const commandId = tablet.sent.at(-1)?.commandId ?? "";
    await waitFor(`${type} in the log, and its answer lost`, SOON, async () => network.deaf > 0 && (await placeOf(admin, commandId)) !== undefined);
    network.cut();
    network.heal();
    return sending;
  };

  const [order, item] = [newId("order"), newId("item")];
  const opening = { serviceType: "takeaway" as const, label: "Bad network", channel: "tablet" as const, customer: null, promisedAt: null };
  const { check } = await must("order.addItems", { order, opening, items: [{ ...dish, item }] });
  await must("order.send", { order, items: [item], hold: [] });
  await withAnswerLost("check.present", { check });
  await withAnswerLost("payment.takeCash", { payment: newId("payment"), check, drawer, tendered: { amount: "100000000", currency: place.profile.currency } });
  await must("check.close", { check });
  await withAnswerLost("check.printReceipt", { check });
  return () => network.close();
}
