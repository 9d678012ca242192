import { IconPencil } from "@tabler/icons-react";
import type { ProductState } from "#shared/domain/menu/state.ts";
import type { OrderItemState } from "#shared/domain/order/state.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { choiceOf, forcedSteps, PREFIX_WORDS, tapOption, type Choice } from "../menu/choices.ts";
import { inputOf } from "./order-lines.ts";
import classes from "./order-pane.module.css";

type JustAddedProps = { readonly item: OrderItemState; readonly product: ProductState; readonly onEdit: () => void; readonly onChoose: (choices: Choice[]) => void };

/** Screen rule 3 closes the sheet with the last forced choice: what else may be wished for is one tap away here, in a place that moves no line. */
export function JustAdded({ item, product, onEdit, onChoose }: JustAddedProps) {
  const money = useMoneyText();
  const choices = inputOf(item).modifiers;
  const forced = new Set(forcedSteps(product).flatMap((step) => (step.kind === "group" ? [step.group.group] : [])));
  // Of what can be had several times something is often wished for; of a kind of milk seldom.
  const groups = product.modifierGroups.filter((group) => !forced.has(group.group)).sort((a, b) => b.max - a.max);
  return (
    <div className={classes["justAdded"]} role="group" aria-label={`Wishes for ${item.names.button}`}>
      <button type="button" className={classes["reopen"]} onClick={onEdit} aria-label={`Change ${item.names.button}`}>
        <IconPencil size={20} aria-hidden />
        <span>{item.names.button}</span>
      </button>
      {groups.flatMap((group) =>
        [...group.options].sort((a, b) => Number(a.default) - Number(b.default)).map((option) => {
          const choice = choiceOf(group, option.option, choices);
          const word = choice ? PREFIX_WORDS[choice.prefix] : "";
          const costs = option.price.amount !== "0" && !option.default;
          return (
            <button key={`${group.group} ${option.option}`} type="button" className={classes["wish"]} data-default={option.default} aria-pressed={choice !== undefined} aria-label={word ? `${word} ${option.name}` : option.name} onClick={() => onChoose([...tapOption(group, option, choices)])}>
              {word ? <b>{word}</b> : null} {option.name}
              {costs ? <small>+{money(option.price)}</small> : null}
            </button>
          );
        }),
      )}
    </div>
  );
}
