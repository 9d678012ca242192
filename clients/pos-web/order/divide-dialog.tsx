import { IconArrowBackUp } from "@tabler/icons-react";
import { useSend } from "../../kit/commands/use-send.ts";
import { newId } from "../../kit/ids.ts";
import { PlaceDialog } from "../check/place-dialog.tsx";
import { offerUndo } from "../parts/offer-undo.tsx";
import type { OrderWork } from "./use-order-work.ts";

type DivideDialogProps = { readonly work: OrderWork; readonly items: readonly string[]; readonly onClose: () => void; readonly onDone: () => void };

/** The party divides: what was selected goes with those who leave, to an order and a bill of their own. The kitchen cooks nothing again. */
export function DivideDialog({ work, items, onClose, onDone }: DivideDialogProps) {
  const send = useSend();
  async function go(to: { readonly kind: "party"; readonly party: string } | { readonly kind: "label"; readonly label: string }, newOrder: string, where: string) {
    const operation = newId("operation");
    const { ok } = await send("order.split", { operation, order: work.orderId, items: [...items], newOrder, check: newId("check"), to });
    if (!ok) return;
    onClose();
    onDone();
    offerUndo(`Divided: ${items.length === 1 ? "1 item is" : `${items.length} items are`} ${where}`, <IconArrowBackUp size={20} />, () => void send("order.undo", { operation, order: work.orderId }));
  }
  return (
    <PlaceDialog
      title="Whose order is it now?"
      except={work.party?.id ?? null}
      onParty={(party) => void go({ kind: "party", party: party.id }, party.order, `at table ${party.tables.map((table) => table.name).join(" + ")}`)}
      onName={(label) => void go({ kind: "label", label }, newId("order"), `with ${label}`)}
      onClose={onClose}
    />
  );
}
