import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { ProductState } from "#shared/domain/menu/state.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import type { ItemInput } from "../order/order-lines.ts";
import { newItemId } from "../order/use-order-work.ts";
import { choosePart, comboSteps, wishPart, type ChosenPart, type ComboStep } from "./combo-steps.ts";
import classes from "./item-sheet.module.css";
import { GroupOptions } from "./options.tsx";

export type ComboSheetProps = {
  readonly product: ProductState;
  readonly start: ItemInput;
  readonly onDone: (item: ItemInput) => void;
  readonly onClose: () => void;
};

/** DOM-6, screen rule 3: the combo's parts one after the other, with what each of them forces; the last choice closes it. */
export function ComboSheet({ product, start, onDone, onClose }: ComboSheetProps) {
  const products = useAggregates("product");
  const [chosen, setChosen] = useState<readonly ChosenPart[]>([]);
  const [reopened, setReopened] = useState<number | null>(null);
  const productOf = (id: string) => products.find((one) => one.id === id);
  const stepsOf = (parts: readonly ChosenPart[]) => comboSteps(product.combo ?? [], parts, productOf);
  const steps = stepsOf(chosen);
  const open = steps.findIndex((step) => !step.done);
  const at = reopened ?? (open >= 0 ? open : steps.length - 1);
  const step = steps[at];

  function take(parts: readonly ChosenPart[]) {
    setChosen(parts);
    setReopened(null);
    if (stepsOf(parts).every((one) => one.done)) onDone({ ...start, parts: parts.map((part) => ({ ...part })) });
  }

  return (
    <Dialog opened onClose={onClose} size={860} title={<Text fz={24} fw={750}>{product.names.button}</Text>} classNames={{ title: classes["title"] ?? "", body: classes["body"] ?? "" }} closeButtonProps={{ "aria-label": "Cancel" }}>
      <Group gap="sm">
        <Text fz={20} fw={700} style={{ flex: 1 }}>{step ? nameOf(step) : ""}</Text>
        {steps.map((each, i) =>
          i !== at && each.done && each.kind === "part" ? (
            <button key={`${each.part.part} ${each.of}`} type="button" className={classes["done"]} onClick={() => setReopened(i)}>
              {nameOf(each)}: <b>{productOf(partsOf(each, chosen)?.product ?? "")?.names.button}</b>
            </button>
          ) : null,
        )}
        {steps.length > 1 ? <Text className={classes["count"]} aria-live="polite">{at + 1} of {steps.length}</Text> : null}
      </Group>
      {step?.kind === "part" ? <Choices step={step} chosen={chosen} productOf={productOf} onTake={take} /> : null}
      {step?.kind === "group" ? (
        <GroupOptions group={step.group} choices={chosen.find(({ item }) => item === step.item)?.modifiers ?? []} onChange={(modifiers) => take(wishPart(chosen, step.item, modifiers))} size="large" />
      ) : null}
      <Group justify="flex-end" className={classes["foot"] ?? ""}>
        <Button variant="default" onClick={onClose}>Cancel</Button>
      </Group>
    </Dialog>
  );
}

function nameOf(step: ComboStep): string {
  const part = step.part.quantity > 1 ? `${step.part.name} ${step.of + 1}` : step.part.name;
  return step.kind === "part" ? part : `${step.product.names.button}: ${step.group.name}`;
}

function partsOf(step: ComboStep, chosen: readonly ChosenPart[]): ChosenPart | undefined {
  return chosen.filter((one) => one.part === step.part.part)[step.of];
}

type ChoicesProps = {
  readonly step: Extract<ComboStep, { kind: "part" }>;
  readonly chosen: readonly ChosenPart[];
  readonly productOf: (id: string) => ProductState | undefined;
  readonly onTake: (parts: readonly ChosenPart[]) => void;
};

function Choices({ step, chosen, productOf, onTake }: ChoicesProps) {
  const money = useMoneyText();
  const countdowns = useAggregates("countdown");
  const own = partsOf(step, chosen);
  return (
    <div className={classes["large"]} role="group" aria-label={nameOf(step)}>
      {step.part.choices.map((choice) => {
        const is = productOf(choice.product);
        if (!is?.active) return null;
        const variant = is.variants.find((one) => one.variant === choice.variant);
        const name = variant ? `${is.names.button}, ${variant.name}` : is.names.button;
        const soldOut = countdowns.find(({ product }) => product === choice.product)?.remaining === "0";
        return (
          <button
            key={`${choice.product} ${choice.variant ?? ""}`}
            type="button"
            className={classes["option"]}
            disabled={soldOut}
            aria-pressed={own?.product === choice.product && own.variant === choice.variant}
            aria-label={name}
            onClick={() => onTake(choosePart(chosen, step.part, step.of, choice, newItemId))}
          >
            <span>{name}</span>
            {soldOut ? <small>sold out</small> : choice.surcharge.amount === "0" ? null : <small>+{money(choice.surcharge)}</small>}
          </button>
        );
      })}
    </div>
  );
}
