import { Menu } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { PartyOperation, PartyState } from "#shared/domain/floor/state.ts";
import type { OrderOperation, OrderState } from "#shared/domain/order/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useSayings } from "../check/said.tsx";

const PARTY_WORDS: Readonly<Record<PartyOperation["kind"], string>> = { move: "moving the table", join: "joining the parties", "hand-over": "the hand-over" };
const ORDER_WORDS: Readonly<Record<OrderOperation["kind"], string>> = { merge: "merging the orders", split: "dividing the party" };

/** The last of each that can be undone, also when the offer to do so has long gone from the screen. */
export function UndoItems({ party, order }: { readonly party: PartyState | undefined; readonly order: OrderState | undefined }) {
  const send = useSend();
  const say = useSayings((sayings) => sayings.say);
  async function undone(what: string, answer: Promise<{ readonly ok: boolean }>) {
    if ((await answer).ok) say(`Undone: ${what}`);
  }
  const ofParty = party?.operations?.at(-1);
  const ofOrder = order?.operations?.at(-1);
  return (
    <>
      {party && ofParty ? <Menu.Item h={48} leftSection={<IconArrowBackUp size={20} />} onClick={() => void undone(PARTY_WORDS[ofParty.kind], send("party.undo", { operation: ofParty.operation, party: party.id }))}>Undo {PARTY_WORDS[ofParty.kind]}</Menu.Item> : null}
      {order && ofOrder ? <Menu.Item h={48} leftSection={<IconArrowBackUp size={20} />} onClick={() => void undone(ORDER_WORDS[ofOrder.kind], send("order.undo", { operation: ofOrder.operation, order: order.id }))}>Undo {ORDER_WORDS[ofOrder.kind]}</Menu.Item> : null}
    </>
  );
}
