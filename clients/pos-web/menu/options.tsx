import type { ProductState } from "#shared/domain/menu/state.ts";
import type { ModifierGroup } from "#shared/events/catalog-menu.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { choiceOf, PREFIX_WORDS, tapOption, type Choice } from "./choices.ts";
import classes from "./item-sheet.module.css";

type VariantOptionsProps = { readonly product: ProductState; readonly value: string | null; readonly onChange: (variant: string) => void };

export function VariantOptions({ product, value, onChange }: VariantOptionsProps) {
  const money = useMoneyText();
  return (
    <div className={classes["large"]} role="group" aria-label="Size">
      {product.variants.map((variant) => (
        <button key={variant.variant} type="button" className={classes["option"]} aria-pressed={value === variant.variant} aria-label={variant.name} onClick={() => onChange(variant.variant)}>
          <span>{variant.name}</span>
          <small>{money(variant.price)}</small>
        </button>
      ))}
    </div>
  );
}

type GroupOptionsProps = { readonly group: ModifierGroup; readonly choices: readonly Choice[]; readonly onChange: (choices: Choice[]) => void; readonly size: "large" | "chip" };

/** A tap says the next thing that can be said of an option: yes, NO, EXTRA, LIGHT, ON SIDE, and nothing again. */
export function GroupOptions({ group, choices, onChange, size }: GroupOptionsProps) {
  const money = useMoneyText();
  const chosen = choices.filter((choice) => choice.group === group.group && choice.prefix !== "no").length;
  return (
    <div className={classes[size]} role="group" aria-label={group.name}>
      {group.options.map((option) => {
        const choice = choiceOf(group, option.option, choices);
        const word = choice ? PREFIX_WORDS[choice.prefix] : "";
        const free = chosen + (choice ? 0 : 1) <= group.includedFree;
        const costs = option.price.amount !== "0" && !option.default;
        return (
          <button
            key={option.option}
            type="button"
            className={classes["option"]}
            data-prefix={choice?.prefix}
            data-default={option.default}
            aria-pressed={choice !== undefined}
            aria-label={word ? `${word} ${option.name}` : option.name}
            onClick={() => onChange([...tapOption(group, option, choices)])}
          >
            <span>
              {word ? <b>{word} </b> : null}
              {option.name}
            </span>
            {costs ? <small>{free ? "included" : `+${money(option.price)}`}</small> : null}
          </button>
        );
      })}
    </div>
  );
}
