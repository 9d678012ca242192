import { Button, Select, Text, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { CategoryState, ProductState } from "#shared/domain/menu/state.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import { sameJson } from "#shared/domain/same.ts";
import type { RouteRule } from "#shared/events/commerce.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useMay, useMerchant } from "../../kit/hooks.ts";
import { Loading } from "../../kit/ui/states.tsx";
import { ChangedMeanwhile } from "../parts/changed-meanwhile.tsx";
import { useDraftStanding } from "../parts/use-draft-standing.ts";
import { Chips } from "./chips.tsx";
import classes from "./policies-editor.module.css";
import { EVERYTHING, madeNowhere, rowsOf, rulesOf, twice, type RouteRow } from "./routes-draft.ts";
import own from "./routes-editor.module.css";
import { SERVICE_TYPES } from "./service-types.ts";

/** As the command takes them. */
const MOST_ROUTES = 200;
const MOST_STATIONS = 5;

/** Which station makes what (TKT-1). What was sent before stays where it is. */
export function RoutesEditor() {
  const merchant = useMerchant();
  return merchant ? <Editor merchant={merchant} /> : <Loading label="Loading the place" />;
}

function Editor({ merchant }: { readonly merchant: MerchantState }) {
  const [start, setStart] = useState(merchant.routes);
  const categories = [...useAggregates("category")].sort((a, b) => a.sort - b.sort);
  const products = useAggregates("product").filter(({ active }) => active).sort((a, b) => a.number - b.number);
  return <RoutesForm key={JSON.stringify(start)} start={start} merchant={merchant} categories={categories} products={products} onLookAgain={() => setStart(merchant.routes)} />;
}

type RoutesFormProps = { readonly start: readonly RouteRule[]; readonly merchant: MerchantState; readonly categories: readonly CategoryState[]; readonly products: readonly ProductState[]; readonly onLookAgain: () => void };

function RoutesForm({ start, merchant, categories, products, onLookAgain }: RoutesFormProps) {
  const send = useSend();
  const may = useMay("manage.settings");
  const [rows, setRows] = useState(() => rowsOf(start));
  const [busy, setBusy] = useState(false);
  const names = new Map([...products.map(({ id, names: { button } }) => [id, button] as const), ...categories.map(({ id, name }) => [id, name] as const)]);
  const isProduct = (id: string) => id.startsWith("prd_");
  const untouched = sameJson(rows, rowsOf(start));
  const rules = untouched ? start : rulesOf(rows, isProduct);
  const again = twice(rows);
  const standing = useDraftStanding({ start, now: merchant.routes, draft: rules, busy, onLookAgain });
  const nowhere = madeNowhere(products, rules);
  // What is not on the menu any more keeps its route, by what it was.
  const gone = rows.filter(({ what }) => what !== EVERYTHING && !names.has(what)).map(({ what }) => ({ value: what, label: isProduct(what) ? "A product that is not sold" : "A category that is gone" }));
  const whats = [
    { value: EVERYTHING, label: "Everything else" },
    { group: "Categories", items: categories.map(({ id, name }) => ({ value: id, label: name })) },
    { group: "Products", items: products.map(({ id, number, names: { button } }) => ({ value: id, label: `${button} (${number})` })) },
    ...gone.filter(({ value }, i) => gone.findIndex((each) => each.value === value) === i),
  ];
  const set = (row: RouteRow) => setRows(rows.map((each) => (each.key === row.key ? row : each)));
  const add = () => setRows([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, what: categories.find(({ id }) => !rows.some(({ what }) => what === id))?.id ?? EVERYTHING, serviceType: "all", stations: [] }]);

  async function save() {
    setBusy(true);
    await send("commerce.changeRoutes", { was: [...start], rules: [...rules] });
    setBusy(false);
  }

  return (
    <fieldset className={classes["form"]} disabled={!may}>
      <section className={classes["box"]} aria-label="Kitchen routes">
        <Title order={2} fz={19}>Where it is made</Title>
        <Text c="var(--ink-2)">A product's own route counts before its category's, and that before “everything else”. What has no station is ready at once.</Text>
        {rows.map((row, at) => (
          <div key={row.key} className={own["route"]} role="group" aria-label={`Route ${at + 1}`}>
            <Select label="What" size="lg" searchable allowDeselect={false} value={row.what} data={whats} error={again.has(row.key) ? "There is a route for this above" : null} onChange={(what) => set({ ...row, what: what ?? row.what })} />
            <Select label="For" size="lg" allowDeselect={false} value={row.serviceType} data={[{ value: "all", label: "All" }, ...SERVICE_TYPES]} onChange={(type) => set({ ...row, serviceType: SERVICE_TYPES.find(({ value }) => value === type)?.value ?? "all" })} />
            <Chips label="Made at" hint={row.stations.length === 0 ? "nowhere" : ""} all={merchant.stations.filter(({ kind }) => kind === "prep").map(({ station, name }) => ({ value: station, text: name }))} chosen={row.stations} onChange={(stations) => set({ ...row, stations: stations.slice(0, MOST_STATIONS) })} />
            <Button variant="subtle" color="chili" px={0} w={48} h={48} aria-label={`Remove the route of ${names.get(row.what) ?? "everything else"}`} onClick={() => setRows(rows.filter(({ key }) => key !== row.key))}><IconTrash size={22} /></Button>
          </div>
        ))}
        <Button variant="default" leftSection={<IconPlus size={22} />} disabled={rows.length >= MOST_ROUTES} onClick={add}>Another route</Button>
        {nowhere.length === 0 ? null : <Text>Ready at once: {nowhere.map(({ names: { button } }) => button).join(", ")}</Text>}
      </section>
      {standing === "changed" ? <ChangedMeanwhile was={{ routes: start }} now={{ routes: merchant.routes }} onLookAgain={onLookAgain} /> : null}
      <div className={classes["foot"]}>
        <Text c="var(--ink-2)" style={{ flex: 1 }}>What was sent stays where it is.</Text>
        <Button loading={busy} disabled={untouched || again.size > 0 || standing !== "same"} onClick={() => void save()}>Save the routes</Button>
      </div>
    </fieldset>
  );
}
