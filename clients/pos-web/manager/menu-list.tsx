import { Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconMinus, IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { CategoryState, ProductState } from "#shared/domain/menu/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useMay } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { findProducts } from "../menu/find-products.ts";
import { AuditButton } from "./audit.tsx";
import classes from "./manager-screen.module.css";

/** DOM-19: sold out and countdowns, seen on every tablet at once. */
export function MenuList() {
  const categories = [...useAggregates("category")].sort((a, b) => a.sort - b.sort);
  const products = useAggregates("product");
  const countdowns = useAggregates("countdown");
  const left = new Map(countdowns.map((each) => [each.product, each.remaining]));
  const [query, setQuery] = useState("");
  const found = query.trim() === "" ? null : new Set(findProducts(products, query).map((product) => product.id));
  return (
    <>
      <TextInput aria-label="Search the menu" placeholder="Search: two letters or a number" leftSection={<IconSearch size={22} />} value={query} onChange={(event) => setQuery(event.currentTarget.value)} maw={460} mb="md" />
      {categories.map((category) => (
        <CategoryRows key={category.id} category={category} left={left} products={products.filter((product) => product.category === category.id && product.active && (found === null || found.has(product.id))).sort((a, b) => a.number - b.number)} />
      ))}
    </>
  );
}

type CategoryRowsProps = { readonly category: CategoryState; readonly products: readonly ProductState[]; readonly left: ReadonlyMap<string, string | null> };

function CategoryRows({ category, products, left }: CategoryRowsProps) {
  if (products.length === 0) return null;
  return (
    <section aria-label={category.name}>
      <h2 className={classes["title"]}>{category.name}</h2>
      <div className={classes["products"]}>
        {products.map((product) => <ProductRow key={product.id} product={product} remaining={left.get(product.id) ?? null} />)}
      </div>
    </section>
  );
}

function ProductRow({ product, remaining }: { readonly product: ProductState; readonly remaining: string | null }) {
  const send = useSend();
  const mayCount = useMay("stock.count");
  const [asking, setAsking] = useState(false);
  const count = remaining === null ? null : Number(remaining);
  const soldOut = count !== null && count <= 0;
  const name = product.names.button;
  const set = (value: number | null) => void send("stock.setCountdown", { product: product.id, remaining: value === null ? null : String(Math.max(0, Math.min(9999, value))) });
  return (
    <div className={classes["product"]} data-out={soldOut} role="group" aria-label={name}>
      <Text fw={650} style={{ flex: 1, minWidth: 0 }} truncate>{name}</Text>
      <Group gap={6} wrap="nowrap">
        <Button variant="default" px={0} w={48} h={48} aria-label={`One fewer ${name}`} disabled={!mayCount || count === null || soldOut} onClick={() => set((count ?? 1) - 1)}><IconMinus size={20} /></Button>
        <Button variant="default" px={0} w={64} h={48} c={count === null ? "var(--ink-3)" : soldOut ? "chili.6" : "var(--ink)"} aria-label={`Set how many ${name} are left, now ${remaining ?? "not counted"}`} disabled={!mayCount} onClick={() => setAsking(true)}>{remaining ?? "–"}</Button>
        <Button variant="default" px={0} w={48} h={48} aria-label={`One more ${name}`} disabled={!mayCount} onClick={() => set((count ?? 0) + 1)}><IconPlus size={20} /></Button>
        <Button variant="subtle" px={8} h={48} fz={15} aria-label={`Stop counting ${name}`} disabled={!mayCount || count === null} onClick={() => set(null)}>No limit</Button>
      </Group>
      {asking ? <CountDialog product={product.id} name={name} onClose={() => setAsking(false)} onSet={set} /> : null}
      <Switch label="Sold out" aria-label={`${name} sold out`} checked={soldOut} disabled={!mayCount} color="chili.6" onChange={(event) => set(event.currentTarget.checked ? 0 : null)} styles={{ body: { alignItems: "center", minHeight: 48 } }} />
    </div>
  );
}

function CountDialog({ product, name, onClose, onSet }: { readonly product: string; readonly name: string; readonly onClose: () => void; readonly onSet: (count: number) => void }) {
  const [typed, setTyped] = useState("");
  const set = () => {
    if (typed === "") return;
    onSet(Number(typed));
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} size={380} title={<Text fz={22} fw={750}>How many {name} are left?</Text>}>
      <Stack>
        <Text fz={40} fw={800} ta="center" aria-live="polite">{typed || "–"}</Text>
        <NumPad label="Left" value={typed} onChange={setTyped} maxLength={4} onEnter={set} />
        <Button size="xl" disabled={typed === ""} onClick={set}>Set</Button>
        <AuditButton stream={product} title={`Product ${name}`} />
      </Stack>
    </Dialog>
  );
}
