import { IconArmchair, IconArrowBackUp, IconChartPie, IconCoin, IconReceipt2 } from "@tabler/icons-react";
import { memo, useRef, useState } from "react";
import { shareList } from "#shared/domain/check/share-list.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay } from "../../kit/hooks.ts";
import { Action } from "./action.tsx";
import { AdjustDialog } from "./adjust-dialog.tsx";
import { useBillDialogs } from "./bill-dialogs.ts";
import classes from "./bill-board.module.css";
import { MOST_PARTS } from "./equal-parts.ts";
import { AmountDialog } from "./part-dialogs.tsx";
import { lastDone, type Done } from "./last-done.ts";
import { dueOf, isOpen } from "./parts.ts";
import { useSayings } from "./said.tsx";
import { PartMore } from "./part-more.tsx";
import type { Part } from "./use-bill.ts";
import type { Surgery } from "./use-surgery.ts";

type BillActionsProps = { readonly parts: readonly Part[]; readonly active: Part | undefined; readonly covers: number | null; readonly surgery: Surgery; readonly onBySeat: (check: CheckState) => void; readonly onUndone: () => void };
type Dialog = "amount" | "adjust" | null;

/** The same pictures every time: what they are made of is not drawn again with their words. */
const PICTURES = { undo: <IconArrowBackUp size={22} />, bySeat: <IconArmchair size={22} />, equally: <IconChartPie size={22} />, amount: <IconCoin size={22} />, print: <IconReceipt2 size={22} /> } as const;

/** One tap for by seat, equally, by amount and undo; what is rarer is in the menu. */
export const BillActions = memo(function BillActions({ parts, active, covers, surgery, onBySeat, onUndone }: BillActionsProps) {
  const send = useSend();
  const mayTake = useMay("order.take");
  const mayServe = useMay("check.settle") || mayTake;
  const say = useSayings((sayings) => sayings.say);
  const openDialog = useBillDialogs((dialogs) => dialogs.open);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [busy, setBusy] = useState(false);
  const underWay = useRef(new Set<string>());
  const last = lastDone(parts.map((part) => part.check));
  const check = active?.check;
  const open = check !== undefined && isOpen(check);
  const seats = check ? new Set(shareList(check.shares).flatMap((share) => share.seat ?? [])) : new Set<number>();
  const alone = parts.length === 1;
  // As many as sit there. Of what is divided already, or of one part of several, somebody says by how many.
  const each = alone && covers !== null && covers > 1 && covers <= MOST_PARTS && (check?.parts ?? []).length === 0 ? covers : null;

  /** A second tap on the same is one too many; what is tapped next need not wait for the hub's answer. */
  async function once(what: string, go: () => Promise<unknown>) {
    if (underWay.current.has(what)) return;
    underWay.current.add(what);
    setBusy(true);
    await go();
    underWay.current.delete(what);
    setBusy(underWay.current.size > 0);
  }

  async function bySeat(whole: CheckState) {
    if (!(await surgery.bySeat(whole.id, seats.size))) return;
    onBySeat(whole);
    say("Divided by seat");
  }
  async function print(whole: CheckState) {
    if ((await send("check.present", { check: whole.id })).ok) say("The bill is printed");
  }
  async function equally(whole: CheckState, count: number) {
    if (await surgery.equally(whole, count)) say(`${count} equal parts`);
  }
  async function undo(done: Done) {
    const undone = done.operation === null ? (await send("check.removeAdjustment", { check: done.check, adjustment: done.adjustment })).ok : await surgery.undo(done.operation, done.check);
    if (!undone) return;
    if (done.operation !== null) onUndone();
    say(`Undone: ${done.noun}`);
  }

  const several = seats.size > 1 || (seats.size === 1 && check && shareList(check.shares).some((share) => share.seat === null));
  return (
    <div className={classes["actions"]} role="toolbar" aria-label="Bill actions">
      <Action icon={PICTURES.undo} text="Undo" name={last ? `Undo ${last.noun}, by ${last.by}` : "Undo"} disabled={!last || !mayServe} onClick={() => (last ? void once(`undo ${last.operation ?? last.adjustment}`, () => undo(last)) : undefined)} />
      <Action icon={PICTURES.bySeat} text="By seat" disabled={!open || !several || !mayServe} onClick={() => (check ? void once("by seat", () => bySeat(check)) : undefined)} />
      <Action icon={PICTURES.equally} text={each === null ? "Equally" : `Equally (${each})`} name={each === null ? "Equally" : `Equally, ${each} parts`} disabled={!open || busy || !mayServe} onClick={() => (check ? (each === null ? openDialog({ kind: "equally", check: check.id }) : void once("equally", () => equally(check, each))) : undefined)} />
      <Action icon={PICTURES.amount} text="Amount" name="By amount" disabled={!open || busy || !mayServe} onClick={() => setDialog("amount")} />
      <Action icon={PICTURES.print} text={(check?.presented ?? 0) > 0 ? "Print again" : "Print bill"} name={(check?.presented ?? 0) > 0 ? "Print bill again" : "Print bill"} disabled={!open || !mayTake || busy || Object.keys(check?.shares ?? {}).length === 0} onClick={() => (check ? void once("print", () => print(check)) : undefined)} />
      {active && alone ? (
        <PartMore check={active.check.id} name="the bill" look={classes["action"]} />
      ) : null}
      {dialog === "amount" && active ? <AmountDialog check={active.check} name={alone ? "The bill" : active.name} due={dueOf(active.check)} onClose={() => setDialog(null)} /> : null}
      {dialog === "adjust" && active ? <AdjustDialog check={active.check} name={active.name} lines={[]} start="discount" onClose={() => setDialog(null)} /> : null}
    </div>
  );
});
