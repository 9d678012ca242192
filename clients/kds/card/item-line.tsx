import { IconAlertOctagonFilled, IconCheck, IconFlame, IconCircle, IconX } from "@tabler/icons-react";
import { useId } from "react";
import type { TicketItemState, TicketItemStatus } from "#shared/domain/ticket/state.ts";
import { isAllergyUnseen, isVoidUnseen } from "../tickets/station-tickets.ts";
import classes from "./item-line.module.css";

const WORDS: Readonly<Record<TicketItemStatus, string>> = { pending: "pending", cooking: "cooking", ready: "ready", voided: "void" };
const SHAPES = { pending: IconCircle, cooking: IconFlame, ready: IconCheck, voided: IconX } as const;

type ItemLineProps = { readonly item: TicketItemState; readonly onTouch: () => void; readonly compact?: boolean };

/** One line of a ticket, all of it a button: its state, and every mark until it is touched (screen rule 11). */
export function ItemLine({ item, onTouch, compact = false }: ItemLineProps) {
  const details = useId();
  const Shape = SHAPES[item.status];
  const voided = isVoidUnseen(item) ? item.voided : null;
  const name = `${item.quantity === "1" ? "" : `${item.quantity} `}${item.name}, ${WORDS[item.status]}`;
  return (
    <li className={classes["line"]} data-line data-status={item.status} data-compact={compact}>
      <button type="button" className={classes["button"]} onClick={onTouch} aria-label={name} aria-describedby={details}>
        <span className={classes["quantity"]}>{item.quantity}</span>
        <span className={classes["what"]}>
          <span className={classes["name"]}>
            <span className={classes["dish"]}>
              {item.name}
              {item.variant ? <span className={classes["variant"]}> {item.variant}</span> : null}
            </span>
            {item.seat === null ? null : <span className={classes["seat"]}>Seat {item.seat}</span>}
          </span>
          <span id={details} className={classes["details"]}>
            {item.modifiers.map((words, at) => (
              <Modifier key={`${at} ${words}`} words={words} />
            ))}
            {item.notes ? <i className={classes["note"]}>“{item.notes}”</i> : null}
            {item.allergy.length > 0 && item.status !== "voided" ? <Allergy of={item.allergy} seen={!isAllergyUnseen(item)} /> : null}
            {voided ? (
              <b className={classes["void"]}>
                <IconX size={34} stroke={4} aria-hidden />
                <span>
                  VOID{item.status === "voided" ? "" : ` ${voided.quantity}`} <small>{voided.reason}</small>
                </span>
              </b>
            ) : null}
          </span>
        </span>
        <Shape className={classes["shape"]} size={compact ? 34 : 42} stroke={item.status === "ready" ? 4 : 2} aria-hidden />
      </button>
    </li>
  );
}

const PREFIX = /^(NO|EXTRA|LIGHT|SIDE|ON THE SIDE) (.+)$/;

/** "NO onions" is not "onions": the word that changes everything stands out. */
function Modifier({ words }: { readonly words: string }) {
  const [, prefix, rest] = PREFIX.exec(words) ?? [];
  if (!prefix) return <span className={classes["modifier"]}>{words}</span>;
  return (
    <span className={classes["modifier"]} data-prefix={prefix}>
      <b>{prefix}</b> {rest}
    </span>
  );
}

function Allergy({ of, seen }: { readonly of: readonly string[]; readonly seen: boolean }) {
  return (
    <b className={classes["allergy"]} data-seen={seen}>
      <IconAlertOctagonFilled size={34} aria-hidden />
      <span>ALLERGY {of.join(", ")}</span>
    </b>
  );
}
