import { Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconDeviceFloppy, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { policiesNow } from "#shared/domain/merchant/charged-unit.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import { sameJson } from "#shared/domain/same.ts";
import type { PriceRule } from "#shared/events/commerce.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { findProducts } from "../menu/find-products.ts";
import { Chips } from "./chips.tsx";
import classes from "./list-and-one.module.css";
import { DAY_NAMES, ruledButtons, ruleOf, type RuleDraft } from "./rule-draft.ts";
import { SERVICE_TYPES } from "./service-types.ts";

type HappyHourFormProps = {
  readonly start: RuleDraft;
  readonly merchant: MerchantState;
  readonly may: boolean;
  readonly onSave: (rule: PriceRule) => Promise<boolean>;
  readonly onRemove?: () => Promise<boolean>;
  readonly onCancel?: () => void;
};

const WHOLE_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const SHOWN = 12;

/** One happy hour; beside it what the buttons cost while it runs. Faults stand at their field once somebody has tried to save. */
export function HappyHourForm({ start, merchant, may, onSave, onRemove, onCancel }: HappyHourFormProps) {
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const [query, setQuery] = useState("");
  const [removing, setRemoving] = useState(false);
  const [busy, setBusy] = useState(false);
  const products = useAggregates("product").filter((product) => product.kind !== "stored-value");
  const categories = [...useAggregates("category")].sort((a, b) => a.sort - b.sort);
  const { rule, faults } = ruleOf(draft, merchant);
  const said = tried ? (faults ?? {}) : {};
  const change = (some: Partial<RuleDraft>) => setDraft({ ...draft, ...some });
  const named = products.filter(({ id }) => draft.products.includes(id));
  const found = query.trim() === "" ? [] : findProducts(products, query).filter(({ id }) => !draft.products.includes(id)).slice(0, SHOWN);

  async function during(work: () => Promise<boolean>) {
    if (busy) return;
    setBusy(true);
    await work();
    setBusy(false);
  }
  async function save() {
    setTried(true);
    if (rule) await during(() => onSave(rule));
  }

  return (
    <form className={classes["one"]} aria-label={start.name || "New happy hour"} onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <fieldset disabled={!may} style={{ border: "none", margin: 0, padding: 0, minWidth: 0, display: "flex", flexDirection: "column", gap: 14 }}>
        <Group grow align="start">
          <TextInput label="Name" value={draft.name} maxLength={40} error={said.name} onChange={(event) => change({ name: event.currentTarget.value })} />
          <TextInput label="From" type="time" value={draft.from} error={said.from} onChange={(event) => change({ from: event.currentTarget.value })} />
          <TextInput label={draft.to < draft.from ? "To, the next day" : "To"} type="time" value={draft.to} error={said.to} onChange={(event) => change({ to: event.currentTarget.value })} />
        </Group>
        <Chips label="Days" fault={said.days} all={DAY_NAMES.map((text, i) => ({ value: i + 1, text, name: WHOLE_DAYS[i] ?? text }))} chosen={draft.days} onChange={(days) => change({ days })} />
        <Chips label="Categories" fault={said.what} all={categories.map(({ id, name }) => ({ value: id, text: name }))} chosen={draft.categories} onChange={(chosen) => change({ categories: chosen })} />
        <Stack gap={6}>
          <TextInput label="And these products" placeholder="Search: two letters or a number" value={query} onChange={(event) => setQuery(event.currentTarget.value)} />
          {named.length + found.length > 0 ? <Chips label="Products" hidden all={[...named, ...found].map(({ id, names }) => ({ value: id, text: names.button }))} chosen={draft.products} onChange={(chosen) => change({ products: chosen })} /> : null}
        </Stack>
        <Chips label="For" hint="all when none is chosen" all={SERVICE_TYPES.map(({ value, label }) => ({ value, text: label }))} chosen={draft.services} onChange={(services) => change({ services })} />
        <Group align="start" wrap="nowrap">
          <Stack gap={4} style={{ flex: 1 }}>
            <Text fw={600}>Then it costs</Text>
            <SegmentedControl fullWidth aria-label="Then it costs" value={draft.kind} onChange={(kind) => change({ kind: kind === "price" || kind === "amount-off" ? kind : "percent-off", value: "" })} data={[{ value: "percent-off", label: "% less" }, { value: "amount-off", label: "An amount less" }, { value: "price", label: "This price" }]} />
          </Stack>
          <TextInput label={draft.kind === "percent-off" ? "Per cent" : merchant.currency} w={180} inputMode="decimal" value={draft.value} maxLength={14} error={said.value} onChange={(event) => change({ value: event.currentTarget.value })} />
        </Group>
        {rule ? <Preview rule={rule} merchant={merchant} /> : null}
        <div className={classes["foot"]}>
          {onCancel ? <Button variant="default" onClick={onCancel}>Cancel</Button> : removing && onRemove ? <Group gap="xs"><Button color="chili.6" leftSection={<IconTrash size={22} />} loading={busy} onClick={() => void during(onRemove)}>Remove {start.name} for good</Button><Button variant="default" disabled={busy} onClick={() => setRemoving(false)}>Keep it</Button></Group> : <Button variant="subtle" color="chili" leftSection={<IconTrash size={22} />} onClick={() => setRemoving(true)}>Remove</Button>}
          <Button type="submit" size="xl" loading={busy} leftSection={<IconDeviceFloppy size={24} />} disabled={onCancel === undefined && sameJson(draft, start)}>Save</Button>
        </div>
      </fieldset>
      {may ? null : <Text c="chili.6">You may look at this, not change it.</Text>}
    </form>
  );
}

function Preview({ rule, merchant }: { readonly rule: PriceRule; readonly merchant: MerchantState }) {
  const money = useMoneyText();
  const ruled = ruledButtons(rule, useAggregates("product"), policiesNow(merchant)?.rounding ?? { mode: "half-up" });
  if (ruled.length === 0) return <Text c="chili.7" role="status">Nothing on the menu gets cheaper by it.</Text>;
  return (
    <section aria-label="Prices then">
      <Text fw={600} mb={4}>What it costs then</Text>
      <Group gap="xs">
        {ruled.slice(0, SHOWN).map(({ product, list, ruled: price }) => (
          <Text key={product.id} px="sm" py={4} bd="1px solid var(--line)" style={{ borderRadius: 10 }}>
            {product.names.button} <s>{money(list)}</s> <b>{money(price)}</b>
          </Text>
        ))}
        {ruled.length > SHOWN ? <Text c="var(--ink-3)">and {ruled.length - SHOWN} more</Text> : null}
      </Group>
    </section>
  );
}
