import { Button, Group, SegmentedControl, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash, IconTruckDelivery } from "@tabler/icons-react";
import { useState } from "react";
import type { IngredientState } from "#shared/domain/menu/state.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { DrawerChoice } from "../drawer/drawer-choice.tsx";
import { useTills } from "../drawer/use-open-drawer.ts";
import { MoneyInput, useTypedMoney } from "../parts/money-input.tsx";
import classes from "./list-and-one.module.css";
import { isCount } from "./quantities.ts";

type Line = { readonly key: string; readonly ingredient: string | null; readonly quantity: string; readonly cost: string; readonly tax: string; readonly isCost: boolean };
type Sent = CommandInput<"stock.receiveGoods">["lines"][number];
type Way = "later" | "bank" | "drawer";

function newLine(): Line {
  return { key: newId("movement"), ingredient: null, quantity: "", cost: "", tax: "", isCost: true };
}

/** A delivery: what came, what it costs, its tax, and whether it is paid at once. Nothing is written until all of it is right. */
export function ReceiveGoods({ ingredients, onDone }: { readonly ingredients: readonly IngredientState[]; readonly onDone: () => void }) {
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const mayPayOut = useMay("approve.cash");
  const { open, own: drawer } = useTills();
  const typedMoney = useTypedMoney();
  const [delivery] = useState(() => newId("delivery"));
  const [supplier, setSupplier] = useState("");
  const [note, setNote] = useState("");
  const [lines, setLines] = useState<readonly Line[]>(() => [newLine()]);
  const [way, setWay] = useState<Way>("later");
  const [busy, setBusy] = useState(false);
  const currency = merchant?.currency ?? "EUR";
  const change = (key: string, some: Partial<Line>) => setLines(lines.map((line) => (line.key === key ? { ...line, ...some } : line)));

  const sent = lines.flatMap((line): Sent[] => {
    const [cost, tax] = [typedMoney(line.cost), line.tax.trim() === "" ? moneyOf(0n, currency) : typedMoney(line.tax)];
    const quantity = line.quantity.trim().replace(",", ".");
    if (line.ingredient === null || !isCount(quantity) || Number(quantity) === 0 || !cost || !tax) return [];
    return [{ ingredient: line.ingredient, quantity, cost, tax, isCost: line.isCost }];
  });
  const total = moneyOf(sent.reduce((sum, { cost, tax }) => sum + minorUnits(cost) + minorUnits(tax), 0n), currency);
  const ready = supplier.trim() !== "" && sent.length === lines.length && lines.length > 0 && (way !== "drawer" || drawer !== undefined);

  async function receive() {
    if (busy || !ready) return;
    setBusy(true);
    const paid = way === "drawer" && drawer ? ({ from: "drawer", drawer: drawer.id, movement: newId("movement") } as const) : ({ from: way === "bank" ? "bank" : "later" } as const);
    const { ok } = await send("stock.receiveGoods", { delivery, supplier: supplier.trim(), note: note.trim() || null, lines: sent, paid });
    setBusy(false);
    if (ok) onDone();
  }

  return (
    <form className={classes["one"]} aria-label="Goods received" onSubmit={(event) => { event.preventDefault(); void receive(); }}>
      <Text component="h2" m={0} fz={24} fw={750}>Goods received</Text>
      <Group grow>
        <TextInput label="From" value={supplier} maxLength={60} onChange={(event) => setSupplier(event.currentTarget.value)} />
        <TextInput label="Delivery note or invoice" value={note} maxLength={40} onChange={(event) => setNote(event.currentTarget.value)} />
      </Group>
      {lines.map((line, at) => {
        const chosen = ingredients.find(({ id }) => id === line.ingredient);
        const quantity = line.quantity.trim().replace(",", ".");
        const taken = new Set(lines.filter(({ key }) => key !== line.key).map(({ ingredient }) => ingredient));
        return (
          <Stack key={line.key} gap="xs" role="group" aria-label={`Line ${at + 1}`} pb="sm" style={{ borderBottom: "1px solid var(--line)" }}>
            <Group align="start" wrap="nowrap" grow preventGrowOverflow={false}>
              <Select label="What" size="lg" searchable value={line.ingredient} data={ingredients.filter(({ id }) => !taken.has(id)).map(({ id, name }) => ({ value: id, label: name }))} onChange={(value) => change(line.key, { ingredient: value })} />
              <TextInput label={`How much${chosen ? `, ${chosen.unit === "piece" ? "pieces" : chosen.unit}` : ""}`} inputMode="decimal" value={line.quantity} maxLength={11} error={line.quantity.trim() !== "" && (!isCount(quantity) || Number(quantity) === 0) ? "More than 0" : null} onChange={(event) => change(line.key, { quantity: event.currentTarget.value })} />
              <MoneyInput label="Net cost" value={line.cost} onChange={(cost) => change(line.key, { cost })} />
              <MoneyInput label="Tax" optional="0" value={line.tax} onChange={(tax) => change(line.key, { tax })} />
            </Group>
            <Group justify="space-between">
              <Switch label="It costs this from now on" checked={line.isCost} onChange={(event) => change(line.key, { isCost: event.currentTarget.checked })} styles={{ body: { minHeight: 48, alignItems: "center" } }} />
              {lines.length > 1 ? <Button variant="subtle" color="chili" px="sm" aria-label={`Without line ${at + 1}`} onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}><IconTrash size={22} /></Button> : null}
            </Group>
          </Stack>
        );
      })}
      <Button variant="default" leftSection={<IconPlus size={20} />} disabled={lines.length >= Math.min(40, ingredients.length)} onClick={() => setLines([...lines, newLine()])} style={{ alignSelf: "flex-start" }}>Another line</Button>
      <Stack gap={4}>
        <Text fw={600}>Paid</Text>
        <SegmentedControl fullWidth aria-label="Paid" value={way} onChange={(value) => setWay(value === "bank" || value === "drawer" ? value : "later")} data={[{ value: "later", label: "Later, by invoice" }, { value: "bank", label: "By bank" }, { value: "drawer", label: "Cash out of the drawer", disabled: !mayPayOut || open.length === 0 }]} />
        {way === "drawer" ? <DrawerChoice /> : null}
      </Stack>
      <div className={classes["foot"]}>
        <Button variant="default" onClick={onDone}>Cancel</Button>
        <Text fz={20}>With tax <b>{text(total)}</b></Text>
        <Button type="submit" size="xl" loading={busy} disabled={!ready} leftSection={<IconTruckDelivery size={24} />}>Take it in</Button>
      </div>
    </form>
  );
}
