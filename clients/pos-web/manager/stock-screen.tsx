import { Button, Group, Table, Text, TextInput } from "@mantine/core";
import { IconClipboardCheck, IconCoins, IconSearch, IconTruckDelivery } from "@tabler/icons-react";
import { useState } from "react";
import { foldText } from "#shared/domain/menu/search.ts";
import type { IngredientState } from "#shared/domain/menu/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { worthOf } from "#shared/money/worth.ts";
import { failureOf } from "../../kit/api.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useAggregates, useMay, useMerchant, useWorldLoaded } from "../../kit/hooks.ts";
import { EmptyState, ErrorState, Loading } from "../../kit/ui/states.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import { AuditButton } from "./audit.tsx";
import { CostDialog } from "./cost-dialog.tsx";
import { CountStockDialog } from "./count-stock-dialog.tsx";
import classes from "./list-and-one.module.css";
import { ReceiveGoods } from "./receive-goods.tsx";

type Levels = Outputs["report"]["stock"];

/** "1250 g", "12.5 ml", "40 pieces". */
export function amountOf(quantity: string, unit: IngredientState["unit"]): string {
  return unit === "piece" ? `${quantity} ${quantity === "1" ? "piece" : "pieces"}` : `${quantity} ${unit}`;
}

const REASONS: Readonly<Record<Outputs["report"]["movements"][number]["reason"], string>> = { count: "Counted", sale: "Used", return: "Given back", waste: "Wasted", delivery: "Received" };

/** What is on the shelf, what it costs, what came and what was counted. */
export function StockScreen() {
  const text = useMoneyText();
  const loaded = useWorldLoaded();
  const mayCount = useMay("stock.count");
  const ingredients = [...useAggregates("ingredient")].sort((a, b) => a.name.localeCompare(b.name));
  const levels = useHubQuery<Levels>("report.stock", undefined, { live: 5000 });
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [receiving, setReceiving] = useState(false);
  const onHand = new Map(levels.data?.map((level) => [level.ingredient, level.onHand]));
  const found = ingredients.filter(({ name }) => foldText(name).includes(foldText(query.trim())));
  const shown = found.find(({ id }) => id === chosen) ?? found[0];
  if (!loaded) return <Loading label="Loading the stock" />;
  if (levels.isError) return <ErrorState title="No stock" text={failureInWords(failureOf(levels.error))} onRetry={() => void levels.refetch()} />;
  const low = ({ id, lowBelow }: IngredientState) => Number(onHand.get(id) ?? 0) < Number(lowBelow);
  const seeAll = () => {
    setReceiving(false);
    void levels.refetch();
  };
  return (
    <div className={classes["screen"]}>
      <section className={classes["list"]} aria-label="Ingredients">
        <Button leftSection={<IconTruckDelivery size={24} />} disabled={!mayCount || ingredients.length === 0} onClick={() => setReceiving(true)}>Goods received</Button>
        <TextInput aria-label="Search the stock" placeholder="Search" leftSection={<IconSearch size={22} />} value={query} maxLength={40} onChange={(event) => setQuery(event.currentTarget.value)} />
        <div className={classes["rows"]}>
          {found.map((each) => (
            <button key={each.id} type="button" className={classes["row"]} data-wrong={low(each)} aria-pressed={!receiving && each.id === shown?.id} onClick={() => { setChosen(each.id); setReceiving(false); }}>
              <b>{each.name}</b>
              <span>{onHand.has(each.id) ? amountOf(onHand.get(each.id) ?? "0", each.unit) : "…"}</span>
              <small>{low(each) ? "low" : ""}{low(each) && each.cost ? " · " : ""}{each.cost ? `${text(each.cost.amount)} for ${amountOf(each.cost.per, each.unit)}` : "cost not known"}</small>
            </button>
          ))}
          {found.length === 0 && ingredients.length > 0 ? <EmptyState title="Nothing found" /> : null}
        </div>
      </section>
      {receiving ? (
        <ReceiveGoods ingredients={ingredients} onDone={seeAll} />
      ) : shown ? (
        <OneIngredient key={shown.id} ingredient={shown} onHand={onHand.get(shown.id) ?? null} low={low(shown)} onCounted={() => void levels.refetch()} />
      ) : (
        <div className={classes["one"]}><EmptyState title="No ingredients yet" text="What recipes use is counted here, and costs what is said here." /></div>
      )}
    </div>
  );
}

type OneIngredientProps = { readonly ingredient: IngredientState; readonly onHand: string | null; readonly low: boolean; readonly onCounted: () => void };

function OneIngredient({ ingredient, onHand, low, onCounted }: OneIngredientProps) {
  const text = useMoneyText();
  const merchant = useMerchant();
  const mayCount = useMay("stock.count");
  const mayCost = useMay("manage.settings");
  const movements = useHubQuery<Outputs["report"]["movements"]>("report.movements", { ingredient: ingredient.id }, { live: 5000 });
  const [asking, setAsking] = useState<"count" | "cost" | null>(null);
  const { name, unit, cost, lowBelow } = ingredient;
  const worth = cost && onHand !== null && !onHand.startsWith("-") ? moneyOf(worthOf(onHand, cost), cost.amount.currency) : null;
  const done = () => {
    setAsking(null);
    onCounted();
    void movements.refetch();
  };
  return (
    <section className={classes["one"]} aria-label={name}>
      <Text component="h2" m={0} fz={24} fw={750}>{name}</Text>
      <div className={classes["figures"]}>
        <div><small>On the shelf</small><b style={low ? { color: "var(--mantine-color-chili-6)" } : {}}>{onHand === null ? "…" : amountOf(onHand, unit)}</b></div>
        <div><small>Low below</small><b>{amountOf(lowBelow, unit)}</b></div>
        <div><small>Cost</small><b>{cost ? `${text(cost.amount)} for ${amountOf(cost.per, unit)}` : "not known"}</b></div>
        <div><small>Worth</small><b>{worth ? text(worth) : "–"}</b></div>
      </div>
      <Group gap="xs">
        <Button leftSection={<IconClipboardCheck size={22} />} disabled={!mayCount || onHand === null} onClick={() => setAsking("count")}>Count</Button>
        <Button variant="default" leftSection={<IconCoins size={22} />} disabled={!mayCost} onClick={() => setAsking("cost")}>Change the cost</Button>
        <AuditButton stream={ingredient.id} title={`Ingredient ${name}`} />
      </Group>
      <section aria-label="Movements">
        {movements.isError ? <ErrorState title="No movements" text={failureInWords(failureOf(movements.error))} onRetry={() => void movements.refetch()} /> : !movements.data ? <Loading label="Reading the movements" /> : movements.data.length === 0 ? <Text c="var(--ink-3)">Nothing has moved yet.</Text> : (
          <Table fz={15} verticalSpacing={6}>
            <Table.Thead><Table.Tr><Table.Th>Day</Table.Th><Table.Th>What</Table.Th><Table.Th ta="right">Quantity</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {movements.data.map((each) => (
                <Table.Tr key={`${each.event} ${each.line}`}>
                  <Table.Td>{each.businessDate} {merchant ? timeOfDay(each.at, merchant.zone) : ""}</Table.Td>
                  <Table.Td>{REASONS[each.reason]}</Table.Td>
                  <Table.Td ta="right" c={each.quantity.startsWith("-") ? "chili.7" : "var(--ink)"}>{each.quantity.startsWith("-") ? "" : "+"}{amountOf(each.quantity, unit)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </section>
      {asking === "count" ? <CountStockDialog ingredient={ingredient} onHand={onHand ?? "0"} onClose={() => setAsking(null)} onCounted={done} /> : null}
      {asking === "cost" ? <CostDialog ingredient={ingredient} onClose={() => setAsking(null)} /> : null}
    </section>
  );
}
