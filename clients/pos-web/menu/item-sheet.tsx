import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { ProductState } from "#shared/domain/menu/state.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import type { ItemInput } from "../order/order-lines.ts";
import stepClasses from "../parts/step.module.css";
import { AllergyChips } from "./allergy-chips.tsx";
import { forcedSteps, isStepDone, type Choice, type ForcedStep } from "./choices.ts";
import classes from "./item-sheet.module.css";
import { GroupOptions, VariantOptions } from "./options.tsx";
import { PlaceChips } from "./place-chips.tsx";

export type ItemSheetProps = {
  readonly product: ProductState;
  /** `new`: entered by the last forced choice. `edit`: entered by Save. */
  readonly mode: "new" | "edit";
  readonly start: ItemInput;
  readonly seats: number;
  readonly onDone: (item: ItemInput) => void;
  readonly onClose: () => void;
};

/** Screen rule 3. Forced choices one after the other, large; wishes beside them; the last forced choice closes it. */
export function ItemSheet({ product, mode, start, seats, onDone, onClose }: ItemSheetProps) {
  const [item, setItem] = useState(start);
  const [reopened, setReopened] = useState<number | null>(null);
  const steps = forcedSteps(product);
  const draft = { variant: item.variant, choices: item.modifiers };
  const undone = steps.findIndex((step) => !isStepDone(step, draft));
  const at = reopened ?? (undone >= 0 ? undone : mode === "edit" ? -1 : steps.length - 1);
  const step = steps[at];
  const forcedGroups = new Set(steps.flatMap((each) => (each.kind === "group" ? [each.group.group] : [])));
  const wishes = product.modifierGroups.filter((group) => mode === "edit" || !forcedGroups.has(group.group));

  function choose(change: Partial<ItemInput>) {
    const next = { ...item, ...change };
    setItem(next);
    setReopened(null);
    const nowDone = steps.every((each) => isStepDone(each, { variant: next.variant, choices: next.modifiers }));
    if (mode === "new" && steps.length > 0 && nowDone) onDone(next);
  }

  const wish = (change: Partial<ItemInput>) => setItem({ ...item, ...change });
  const complete = undone < 0;
  // Nobody cooks a gift card.
  const isMade = product.kind !== "stored-value";

  return (
    <Dialog opened onClose={onClose} size={860} title={<SheetTitle product={product} item={item} onQuantity={(quantity) => wish({ quantity })} />} classNames={{ title: classes["title"] ?? "", body: classes["body"] ?? "" }} closeButtonProps={{ "aria-label": "Cancel" }}>
      {mode === "new" && steps.length > 0 ? (
        <StepBar steps={steps} at={at} product={product} item={item} onReopen={setReopened} />
      ) : null}
      {mode === "new" && step ? <StepOptions step={step} product={product} item={item} onChoose={choose} /> : null}
      {mode === "edit" && product.variants.length > 0 ? <Section title="Size"><VariantOptions product={product} value={item.variant} onChange={(variant) => wish({ variant })} /></Section> : null}
      {wishes.map((group) => (
        <Section key={group.group} title={group.name}>
          <GroupOptions group={group} choices={item.modifiers} onChange={(modifiers) => wish({ modifiers })} size="chip" />
        </Section>
      ))}
      {isMade ? (
        <Section title="Allergy">
          <AllergyChips value={item.allergy} onChange={(allergy) => wish({ allergy })} />
        </Section>
      ) : null}
      {mode === "edit" ? <PlaceChips seats={seats} seat={item.seat} course={item.course ?? product.course} onSeat={(seat) => wish({ seat })} onCourse={(course) => wish({ course })} /> : null}
      {isMade ? <TextInput aria-label="Note for the kitchen" placeholder="Note for the kitchen" maxLength={200} value={item.notes ?? ""} onChange={(event) => wish({ notes: event.currentTarget.value === "" ? null : event.currentTarget.value })} /> : null}
      <Group justify="flex-end" className={classes["foot"] ?? ""}>
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button disabled={!complete} onClick={() => onDone({ ...item, notes: item.notes?.trim() || null })}>{mode === "edit" ? "Save" : "Add to order"}</Button>
      </Group>
    </Dialog>
  );
}

function SheetTitle({ product, item, onQuantity }: { readonly product: ProductState; readonly item: ItemInput; readonly onQuantity: (quantity: string) => void }) {
  const count = Number(item.quantity);
  return (
    <Group justify="space-between" wrap="nowrap" w="100%">
      <Text fz={24} fw={750}>{product.names.button}</Text>
      <Group gap={6} wrap="nowrap" className={classes["quantity"] ?? ""} role="group" aria-label="Quantity">
        <button type="button" className={stepClasses["step"]} aria-label="Fewer" disabled={count <= 1} onClick={() => onQuantity(String(Math.max(1, Math.ceil(count) - 1)))}><IconMinus /></button>
        <Text fz={24} fw={700} w={52} ta="center" aria-live="polite">{item.quantity}</Text>
        <button type="button" className={stepClasses["step"]} aria-label="More" onClick={() => onQuantity(String(Math.min(99, Math.floor(count) + 1)))}><IconPlus /></button>
      </Group>
    </Group>
  );
}

type StepBarProps = { readonly steps: readonly ForcedStep[]; readonly at: number; readonly product: ProductState; readonly item: ItemInput; readonly onReopen: (step: number) => void };

function StepBar({ steps, at, product, item, onReopen }: StepBarProps) {
  const step = steps[at];
  return (
    <Group gap="sm" wrap="nowrap">
      <Text fz={20} fw={700} style={{ flex: 1 }}>{step ? nameOf(step) : ""}</Text>
      {steps.map((each, i) =>
        i !== at && isStepDone(each, { variant: item.variant, choices: item.modifiers }) ? (
          <button key={nameOf(each)} type="button" className={classes["done"]} onClick={() => onReopen(i)}>
            {nameOf(each)}: <b>{chosenIn(each, product, item.modifiers, item.variant)}</b>
          </button>
        ) : null,
      )}
      {steps.length > 1 ? <Text className={classes["count"]} aria-live="polite">{at + 1} of {steps.length}</Text> : null}
    </Group>
  );
}

function nameOf(step: ForcedStep): string {
  return step.kind === "variant" ? "Size" : step.group.name;
}

function chosenIn(step: ForcedStep, product: ProductState, choices: readonly Choice[], variant: string | null): string {
  if (step.kind === "variant") return product.variants.find((each) => each.variant === variant)?.name ?? "";
  const { group } = step;
  return choices.filter((choice) => choice.group === group.group).map((choice) => group.options.find((option) => option.option === choice.option)?.name ?? "").join(", ");
}

type StepOptionsProps = { readonly step: ForcedStep; readonly product: ProductState; readonly item: ItemInput; readonly onChoose: (change: Partial<ItemInput>) => void };

function StepOptions({ step, product, item, onChoose }: StepOptionsProps) {
  if (step.kind === "variant") return <VariantOptions product={product} value={item.variant} onChange={(variant) => onChoose({ variant })} />;
  return <GroupOptions group={step.group} choices={item.modifiers} onChange={(modifiers) => onChoose({ modifiers })} size="large" />;
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes["section"]} aria-label={title}>
      <Text fw={650} c="var(--ink-2)" w={110} flex="none">{title}</Text>
      {children}
    </section>
  );
}
