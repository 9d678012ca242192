import { VisuallyHidden } from "@mantine/core";
import { IconAlertOctagon, IconAlertTriangle, IconChefHat, IconCircleCheck, IconDeviceDesktop, IconHandStop, IconPencil, IconPrinter, IconSend2, IconX, type Icon } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { billWords } from "#shared/domain/order/modifier-words.ts";
import type { Progress } from "#shared/domain/order/delivery.ts";
import type { OrderItemState } from "#shared/domain/order/state.ts";
import { MoneyText } from "../../kit/ui/texts.tsx";
import { leftInWords } from "../../kit/words/refusals.ts";
import { lineTotal } from "./order-lines.ts";
import classes from "./order-line.module.css";
import { isDoubtful, type LineProgress } from "./use-progress.ts";

const STATES: Readonly<Record<Progress, { readonly text: string; readonly icon: Icon }>> = {
  unsent: { text: "Unsent", icon: IconPencil },
  held: { text: "Held", icon: IconHandStop },
  sent: { text: "Sent", icon: IconSend2 },
  "on-screen": { text: "On screen", icon: IconDeviceDesktop },
  cooking: { text: "Cooking", icon: IconChefHat },
  ready: { text: "Ready", icon: IconCircleCheck },
  voided: { text: "Void", icon: IconX },
};

type OrderLineProps = {
  readonly item: OrderItemState;
  readonly progress: LineProgress;
  readonly selected: boolean;
  /** What is left, when Send refused this line. */
  readonly short: string | null;
  readonly onToggle: () => void;
  readonly onEdit: () => void;
};

export function OrderLine({ item, progress, selected, short, onToggle, onEdit }: OrderLineProps) {
  const { text, icon: StateIcon } = STATES[progress.progress];
  const wishes = [item.variant?.name, ...item.modifiers.map(billWords), item.combo && `in ${item.combo.name}`, item.priceRule?.name].filter(Boolean).join(", ");
  const total = { amount: lineTotal(item).toString(), currency: item.unitPrice.currency };

  function onKey(event: KeyboardEvent) {
    if (event.key === " ") onToggle();
    else if (event.key === "Enter") onEdit();
    else return;
    event.preventDefault();
  }

  return (
    <div role="option" tabIndex={0} aria-selected={selected} className={classes["line"]} data-item={item.item} data-state={progress.progress} data-short={short !== null} onClick={onToggle} onDoubleClick={onEdit} onKeyDown={onKey}>
      <span className={classes["seat"]}><VisuallyHidden>{item.seat === null ? "shared " : "seat "}</VisuallyHidden>{item.seat ?? <span aria-hidden>•</span>}</span>
      <div className={classes["what"]}>
        <div className={classes["name"]}>
          {item.quantity === "1" ? null : <b>{item.quantity} × </b>}
          {item.names.button}
        </div>
        {wishes ? <div className={classes["wishes"]}>{wishes}</div> : null}
        {item.notes ? <div className={classes["note"]}>“{item.notes}”</div> : null}
        {item.allergy.length > 0 ? (
          <div className={classes["allergy"]}>
            <IconAlertOctagon size={15} aria-hidden /> ALLERGY: {item.allergy.join(", ")}
          </div>
        ) : null}
        {item.voidReason ? <div className={classes["wishes"]}>{item.voidReason}</div> : null}
      </div>
      <div className={classes["side"]}>
        <MoneyText money={total} fw={600} className={classes["price"]} />
        <span className={classes["marks"]}>
          {item.mark === "ADD" ? <b className={classes["add"]}>ADD</b> : null}
          {isDoubtful(progress.job) ? (
            <span className={classes["doubt"]}><IconAlertTriangle size={15} aria-hidden /> Slip?</span>
          ) : progress.printed ? (
            <IconPrinter size={17} role="img" aria-label="printed" />
          ) : null}
          {short === null ? (
            <span className={classes["state"]} data-state={progress.progress} data-sending={progress.sending}>
              <StateIcon size={15} aria-hidden /> {progress.sending ? "Sending" : text}
            </span>
          ) : (
            <span className={classes["state"]} data-state="short" role="alert">
              <IconAlertTriangle size={15} aria-hidden /> {leftInWords(short)}
            </span>
          )}
        </span>
      </div>
    </div>
  );
}
