import { IconCircleCheck, IconReceipt2 } from "@tabler/icons-react";
import { memo } from "react";
import { partsOf } from "#shared/domain/check/parts.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { useConfirmed } from "../../kit/hooks.ts";
import { inkOn } from "../../kit/ui/person-badge.tsx";
import { PartLines } from "./part-lines.tsx";
import { PartMore } from "./part-more.tsx";
import { PartTotals } from "./part-totals.tsx";
import classes from "./part-panel.module.css";
import { dueOf, isOpen, linesOf, settledInWords } from "./parts.ts";
import type { Selection } from "./selection.ts";
import { TenderRow } from "./tender-row.tsx";
import { useBehind } from "./use-behind.ts";
import { useLasting } from "./use-lasting.ts";
import { useSoon } from "./use-soon.ts";
import type { Part } from "./use-bill.ts";

type PartPanelProps = {
  readonly part: Part;
  /** The only one: it is the bill. */
  readonly alone: boolean;
  /** One of many: it has little room. */
  readonly many: boolean;
  /** Of its own lines only. */
  readonly selection: Selection;
  readonly fresh: ReadonlySet<string>;
  /** Whether it is paid now, and which of its payment parts. */
  readonly paying: boolean;
  readonly payingPart: string | null;
  /** What a tap on the head does now, in words. */
  readonly target: string | null;
  /** It is one of those that such a tap has picked. */
  readonly chosen: boolean;
  readonly dropping: boolean;
  readonly text: (money: Money) => string;
  readonly onTarget: (check: string) => void;
  readonly onToggle: (share: Share) => void;
  readonly onPay: (check: string, part: string | null) => void;
};

/** So many parts are in view before anybody scrolls, and of the second row the upper lines. */
const PARTS_SEEN = 6;
const FIRST_ROW = 3;
/** So long the hub may take to write down what is shown already before it is said. */
const SLOW_MS = 300;
const ROOM = { whole: 14, first: 5, other: 3 } as const;

/** What nobody sees without scrolling is drawn right behind what everybody sees: it must not hold up the answer to a tap. */
export const PartPanel = memo(function PartPanel(props: PartPanelProps) {
  const inView = props.part.position < PARTS_SEEN;
  const behind = useBehind(inView ? null : props);
  const ready = useSoon(inView);
  return ready ? <WholePart {...(inView || behind === null ? props : behind)} /> : <section className={classes["panel"]} aria-label={labelOf(props)} data-part data-many={props.many || undefined} />;
});

function labelOf({ part, alone }: Pick<PartPanelProps, "part" | "alone">): string {
  return alone ? "Bill" : `Part ${part.position + 1}, ${part.name}`;
}

/** One check of the board: its head is where lines go, its lines are what goes, its foot says what it owes. */
const WholePart = memo(function WholePart({ part, alone, many, selection, fresh, paying, payingPart, target, chosen, dropping, text, onTarget, onToggle, onPay }: PartPanelProps) {
  const { check, name, seat, color, position } = part;
  const slow = useLasting(useConfirmed("check", check.id) !== check, SLOW_MS);
  const open = isOpen(check);
  const lines = linesOf(check);
  // Of the second row the heads and the upper lines are in view.
  const footed = useSoon(!many || position < FIRST_ROW || position >= PARTS_SEEN);
  const standing = check.status === "closed" ? `Receipt ${check.number ?? ""}` : check.status === "paid" ? "Paid" : check.presented > 0 ? (check.outdated ? "Bill printed, outdated" : "Bill printed") : check.server.name;
  return (
    <section
      className={classes["panel"]}
      aria-label={labelOf({ part, alone })}
      data-part
      data-alone={alone || undefined}
      data-open={open}
      data-many={many || undefined}
      data-below={position >= PARTS_SEEN || undefined}
      data-divided={(check.parts ?? []).length > 0 || undefined}
      data-paying={paying || undefined}
      aria-busy={slow || undefined}
      data-dropping={dropping || undefined}
      {...(open ? { "data-drop": check.id } : {})}
      style={{ "--part": color, "--part-ink": inkOn(color) }}
    >
      {alone ? null : (
        <header className={classes["head"]}>
          <span className={classes["number"]}>{seat ?? position + 1}</span>
          <span className={classes["who"]}>
            <b>{name}</b>
            <small>{check.status === "paid" || check.status === "closed" ? <IconCircleCheck size={14} aria-hidden /> : check.presented > 0 ? <IconReceipt2 size={14} aria-hidden /> : null}{standing}</small>
          </span>
          {open ? <PartMore check={check.id} name={name} /> : null}
          {target ? (
            <button type="button" className={classes["target"]} data-chosen={chosen} onClick={() => onTarget(check.id)} aria-label={`${target} ${name}`}>
              {target} {name}
            </button>
          ) : null}
        </header>
      )}
      <PartLines key={String(alone)} lines={lines} check={check} name={name} large={alone} room={alone ? ROOM.whole : position < FIRST_ROW ? ROOM.first : ROOM.other} selection={selection} fresh={fresh} text={text} onToggle={onToggle} />
      {footed ? <PartFoot check={check} alone={alone} many={many} paying={paying} payingPart={payingPart} text={text} onPay={onPay} /> : null}
    </section>
  );
});

type PartFootProps = Pick<PartPanelProps, "alone" | "many" | "paying" | "payingPart" | "text" | "onPay"> & { readonly check: CheckState };

/** What it owes, and where it is paid. */
function PartFoot({ check, alone, many, paying, payingPart, text, onPay }: PartFootProps) {
  const open = isOpen(check);
  const money = (amount: bigint) => text({ amount: amount.toString(), currency: check.currency });
  const due = dueOf(check);
  return (
    <div className={classes["foot"]}>
      <PartTotals check={check} size={alone ? "large" : many ? "compact" : "plain"} text={text} />
      {check.tenders.map((tender) => <TenderRow key={tender.payment} tender={tender} check={check} />)}
      {(check.parts ?? []).length > 0 ? (
        <div className={classes["shares"]} role="group" aria-label="Payment parts">
          {partsOf(check).parts.map((each) => (
            <button key={each.part} type="button" className={classes["share"]} disabled={each.due <= 0n || !open} aria-pressed={paying && payingPart === each.part} onClick={() => onPay(check.id, each.part)}>
              <span>{each.name}</span>
              <b>{each.due <= 0n ? settledInWords(each.paid).toLowerCase() : money(each.due)}</b>
            </button>
          ))}
        </div>
      ) : alone ? null : (
        <button type="button" className={classes["pay"]} data-status={check.status} aria-pressed={paying} onClick={() => onPay(check.id, null)}>
          {check.status === "closed" ? "Closed" : check.status === "paid" ? "Paid" : due <= 0n ? "Nothing due" : <>Pay <b>{money(due)}</b></>}
        </button>
      )}
    </div>
  );
}
