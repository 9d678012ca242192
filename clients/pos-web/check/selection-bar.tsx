import { Button, Text } from "@mantine/core";
import { IconArrowsExchange, IconDiscount2, IconShare3, IconSquarePlus, IconUsersGroup, IconX } from "@tabler/icons-react";
import { Pieces } from "../parts/pieces.tsx";
import stepClasses from "../parts/step.module.css";
import { Action } from "./action.tsx";
import { useBillDialogs } from "./bill-dialogs.ts";
import classes from "./bill-board.module.css";
import { byCheck, type Meant } from "./selection.ts";
import { halfOf, piecesOf } from "./share-words.ts";
import { useLasting } from "./use-lasting.ts";

type SelectionBarProps = {
  readonly meant: readonly Meant[];
  /** How many open parts they can be shared among. */
  readonly openParts: number;
  /** Some parts are being picked to share among. */
  readonly sharing: readonly string[] | null;
  readonly busy: boolean;
  readonly onQuantity: (share: string, quantity: string) => void;
  readonly onNew: () => void;
  readonly onShareAll: () => void;
  readonly onShareSome: () => void;
  readonly onShareDone: () => void;
  readonly onClear: () => void;
};

const SLOW_MS = 250;

/** The button that asked for it has gone: what to do now is where the keyboard is. */
const standHere = (words: HTMLElement | null) => words?.focus({ preventScroll: true });

/** What is done with the lines that are meant; a tap on a part's head moves them there. */
export function SelectionBar({ meant, openParts, sharing, busy, onQuantity, onNew, onShareAll, onShareSome, onShareDone, onClear }: SelectionBarProps) {
  const slow = useLasting(busy, SLOW_MS);
  const open = useBillDialogs((dialogs) => dialogs.open);
  const [only] = meant;
  const pieces = meant.length === 1 && only ? piecesOf(only.share) : 1;
  const now = only && only.quantity !== null ? Number(only.quantity) : pieces;
  const half = meant.length === 1 && only ? halfOf(only.share) : null;
  const checks = byCheck(meant);
  const [from] = checks.keys();
  if (sharing) {
    return (
      <div className={classes["selection"]} role="group" aria-label="Selected items" aria-busy={slow}>
        <Text ref={standHere} fw={700} style={{ flex: 1 }} tabIndex={-1}>Tap the heads of those who share</Text>
        <Button size="lg" color="basil.6" disabled={sharing.length < 1} onClick={onShareDone}>Share among {sharing.length}</Button>
        <Button variant="default" px="sm" aria-label="Cancel" onClick={onClear}><IconX size={22} /></Button>
      </div>
    );
  }
  return (
    <div className={classes["selection"]} role="group" aria-label="Selected items" aria-busy={slow}>
      {pieces > 1 && only ? (
        <Pieces label="Pieces" now={now} of={pieces} onChange={(count) => onQuantity(only.share.share, String(count))} />
      ) : (
        <b className={classes["meant"]}>{only && only.quantity !== null ? "Half of it" : `${meant.length} selected`}</b>
      )}
      {half !== null && only ? <button type="button" className={stepClasses["step"]} aria-label="Half of it" aria-pressed={only.quantity === half} onClick={() => onQuantity(only.share.share, only.quantity === half ? only.share.quantity : half)}>½</button> : null}
      <Action icon={<IconSquarePlus size={22} />} text="New part" onClick={onNew} />
      {openParts > 1 ? (
        <>
          <Action icon={<IconUsersGroup size={22} />} text="Share all" name="Share with all" onClick={onShareAll} />
          <Action icon={<IconShare3 size={22} />} text="Share some" name="Share with some" onClick={onShareSome} />
        </>
      ) : null}
      <Action icon={<IconArrowsExchange size={22} />} text="Move to" name="Move to another table" onClick={() => open({ kind: "move-lines" })} />
      <Action icon={<IconDiscount2 size={22} />} text="Discount" name="Discount, on the house, staff meal" disabled={checks.size !== 1} onClick={() => (from ? open({ kind: "adjust", check: from, lines: meant.map(({ share }) => share.share), start: "discount" }) : undefined)} />
      <Action icon={<IconX size={22} />} text="Clear" name="Select nothing" onClick={onClear} />
    </div>
  );
}
