import { Button, Group, Text } from "@mantine/core";
import { IconArrowsSplit2, IconCopy, IconMinus, IconPencil, IconPlus, IconPrinter, IconTrash, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { OrderItemState } from "#shared/domain/order/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay } from "../../kit/hooks.ts";
import { useTablet } from "../tablet.ts";
import { inputOf } from "./order-lines.ts";
import classes from "./order-pane.module.css";
import { newItemId, type OrderWork } from "./use-order-work.ts";
import { useProgress } from "./use-progress.ts";
import { DivideDialog } from "./divide-dialog.tsx";
import { VoidDialog } from "./void-dialog.tsx";

type SelectionActionsProps = { readonly work: OrderWork; readonly selected: readonly OrderItemState[]; readonly onEdit: (item: OrderItemState) => void };

/** What can be done with the selected lines: unsent ones are changed or removed, sent ones are voided, with a reason. */
export function SelectionActions({ work, selected, onEdit }: SelectionActionsProps) {
  const { orderId, order } = work;
  const send = useSend();
  const note = useTablet((tablet) => tablet.note);
  const progressOf = useProgress(order);
  const mayVoid = useMay("order.void");
  const mayTake = useMay("order.take");
  const [voiding, setVoiding] = useState(false);
  const [dividing, setDividing] = useState(false);
  const unsent = selected.filter((item) => item.status === "entered");
  const sent = selected.filter((item) => item.status === "held" || item.status === "fired");
  const slips = new Set(selected.flatMap((item) => progressOf(item).job?.id ?? []));
  const [only] = selected;
  const done = () => note(orderId, { selected: [] });

  function count(change: number) {
    for (const item of unsent) {
      const quantity = Math.max(1, Math.min(99, Math.round(Number(item.quantity)) + change));
      void send("order.changeItem", { order: orderId, item: { ...inputOf(item), quantity: String(quantity) } });
    }
  }

  function remove() {
    for (const item of unsent) void send("order.removeItem", { order: orderId, item: item.item });
    done();
  }

  function again() {
    void work.add(selected.filter((item) => item.status !== "voided").map((item) => ({ ...inputOf(item), item: newItemId() })));
    done();
  }

  return (
    <div className={classes["actions"]} role="group" aria-label="Selected items">
      <Group className={classes["totals"] ?? ""} justify="space-between" wrap="nowrap">
        <Text fw={700}>{selected.length} selected</Text>
        {unsent.length > 0 ? <Text fz={14} c="var(--ink-2)">Tap a seat or a course to move</Text> : null}
      </Group>
      {unsent.length > 0 ? (
        <>
          <Button className={classes["third"] ?? ""} variant="default" px={4} leftSection={<IconPencil size={20} />} disabled={selected.length !== 1} onClick={() => (only ? onEdit(only) : undefined)}>Edit</Button>
          <Button variant="default" px={0} aria-label="One fewer" onClick={() => count(-1)}><IconMinus size={22} /></Button>
          <Button variant="default" px={0} aria-label="One more" onClick={() => count(1)}><IconPlus size={22} /></Button>
          <Button className={classes["third"] ?? ""} variant="light" color="chili" px={4} leftSection={<IconTrash size={20} />} onClick={remove}>Remove</Button>
        </>
      ) : null}
      {sent.length > 0 ? (
        <>
          <Button className={classes["half"] ?? ""} variant="light" color="chili" px={4} leftSection={<IconTrash size={20} />} disabled={!mayVoid} onClick={() => setVoiding(true)}>Void</Button>
          <Button className={classes["half"] ?? ""} variant="default" px={4} leftSection={<IconPrinter size={20} />} disabled={slips.size === 0} onClick={() => {
            for (const job of slips) void send("printing.reprint", { job });
            done();
          }}>Reprint slip</Button>
        </>
      ) : null}
      <Button className={classes["third"] ?? ""} variant="default" px={4} leftSection={<IconCopy size={20} />} onClick={again}>Again</Button>
      <Button variant="default" px={0} aria-label="Divide: to an order of their own" disabled={!mayTake || selected.every((item) => item.status === "voided")} onClick={() => setDividing(true)}><IconArrowsSplit2 size={22} /></Button>
      <Button className={classes["half"] ?? ""} px={4} leftSection={<IconX size={20} />} onClick={done}>Done</Button>
      {dividing ? <DivideDialog work={work} items={selected.filter((item) => item.status !== "voided").map((item) => item.item)} onClose={() => setDividing(false)} onDone={done} /> : null}
      {voiding ? <VoidDialog orderId={orderId} items={sent} onClose={() => setVoiding(false)} onVoided={() => { setVoiding(false); done(); }} /> : null}
    </div>
  );
}
