import { useMemo, useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { PartyState } from "#shared/domain/floor/state.ts";
import type { OrderState } from "#shared/domain/order/state.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregate, useFound } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { useScratch, useTablet, type Opening } from "../tablet.ts";
import { coursesToHold, unsentItems } from "./order-lines.ts";

type NewItem = CommandInput<"order.addItems">["items"][number];

export type OrderWork = {
  readonly orderId: string;
  readonly order: OrderState | undefined;
  readonly party: PartyState | undefined;
  readonly check: CheckState | undefined;
  readonly opening: Opening | null;
  /** "5", "Pickup 47": what people call it. */
  readonly label: string;
  add(items: readonly NewItem[]): Promise<boolean>;
  sendUnsent(only?: readonly string[]): Promise<void>;
};

/** One order with everything that belongs to it, and the two commands that most taps end in. */
export function useOrderWork(orderId: string): OrderWork {
  const send = useSend();
  const order = useAggregate("order", orderId);
  const party = useFound("party", (each) => (order?.party ? each.id === order.party : each.order === orderId));
  const check = useAggregate("check", order?.defaultCheck);
  const scratch = useScratch(orderId);
  const note = useTablet((tablet) => tablet.note);
  const { opening, hold, short } = scratch;
  const label = order?.label ?? opening?.label ?? party?.tables.map((table) => table.name).join("+") ?? "";

  const [nextOrder] = useState(() => newId("order"));

  return useMemo(
    () => ({
      orderId,
      order,
      party,
      check,
      opening,
      label,
      async add(items) {
        note(orderId, { added: items.at(-1)?.item ?? null });
        const start = order || !opening ? {} : { opening };
        // What is asked for after the bill was closed begins the party's next order.
        const target = order?.completed ? nextOrder : orderId;
        const answer = await send("order.addItems", { order: target, ...(party ? { party: party.id } : {}), ...start, items: [...items] });
        return answer.ok;
      },
      async sendUnsent(only) {
        if (!order) return;
        const items = only ?? unsentItems(order).map((item) => item.item);
        if (items.length === 0) return;
        // While the rest is sent, the refused lines stay red until they are dealt with.
        note(orderId, { short: only ? short : {}, sendable: [], selected: [] });
        const answer = await send("order.send", { order: orderId, items: [...items], hold: [...coursesToHold(order, hold)] }, { shownElsewhere: ["insufficient-stock", "nothing-to-send"] });
        if (answer.ok) return note(orderId, { hold: {} });
        note(orderId, shortageOf(answer.refusal));
      },
    }),
    [orderId, order, party, check, opening, label, hold, short, nextOrder, send, note],
  );
}

type Refused = { readonly refused: string; readonly [field: string]: unknown };

/** DOM-19: only the lines concerned turn red, with what is left; the rest can be sent. */
function shortageOf(refusal: Refused): { short: Record<string, string>; sendable: readonly string[] } {
  const short: Record<string, string> = {};
  if (refusal.refused !== "insufficient-stock") return { short, sendable: [] };
  for (const line of (refusal["short"] ?? []) as readonly { available: string; items: readonly string[] }[]) {
    for (const item of line.items) short[item] = line.available;
  }
  return { short, sendable: (refusal["sendable"] ?? []) as readonly string[] };
}

export function newItemId(): string {
  return newId("item");
}
