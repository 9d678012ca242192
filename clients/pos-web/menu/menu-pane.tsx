import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch, IconToolsKitchen2Off } from "@tabler/icons-react";
import { memo, useMemo, useRef, useState } from "react";
import type { ProductState } from "#shared/domain/menu/state.ts";
import type { PriceRule } from "#shared/events/commerce.ts";
import type { ServiceType } from "#shared/events/primitives.ts";
import type { Rounding } from "#shared/money/rounding.ts";
import { runningRules } from "#shared/domain/menu/price-rules.ts";
import { policiesNow } from "#shared/domain/merchant/charged-unit.ts";
import { useHubTime } from "../../kit/clock.ts";
import { useAggregates, useHub, useMerchant } from "../../kit/hooks.ts";
import { EmptyState } from "../../kit/ui/states.tsx";
import { isTypedInto, useKeys } from "../../kit/ui/use-keys.ts";
import { useTablet } from "../tablet.ts";
import { buttonPrice } from "./button-price.ts";
import { findProducts } from "./find-products.ts";
import classes from "./menu-pane.module.css";
import { ProductButton } from "./product-button.tsx";

export type MenuPaneProps = { readonly serviceType: ServiceType; readonly onPick: (product: ProductState) => void; readonly onOptions: (product: ProductState) => void };

/** Drawn again only when the menu or the search changes, not with every item of the order. */
export const MenuPane = memo(function MenuPane({ serviceType, onPick, onOptions }: MenuPaneProps) {
  const categories = [...useAggregates("category")].sort((a, b) => a.sort - b.sort);
  const products = useAggregates("product");
  const countdowns = useAggregates("countdown");
  const { running, rounding } = useHappyHours();
  const left = useMemo(() => new Map(countdowns.map((each) => [each.product, each.remaining])), [countdowns]);
  const open = useTablet((tablet) => tablet.category);
  const openCategory = useTablet((tablet) => tablet.openCategory);
  const [query, setQuery] = useState("");
  const field = useSlash();

  const sections = categories
    .map((category) => ({ category, products: products.filter((product) => product.active && product.category === category.id).sort((a, b) => a.number - b.number) }))
    .filter((section) => section.products.length > 0);
  const current = sections.find(({ category }) => category.id === open)?.category ?? sections[0]?.category;
  const searching = query.trim() !== "";
  const found = searching ? findProducts(products, query) : [];
  const grid = useRef<HTMLDivElement>(null);

  function pick(product: ProductState) {
    onPick(product);
    setQuery("");
  }

  /** Every category stays in its place below the others, so that fingers learn where things are; a tap goes there. */
  function goTo(category: string) {
    setQuery("");
    openCategory(category);
    requestAnimationFrame(() => grid.current?.querySelector(`[data-category="${category}"]`)?.scrollIntoView({ block: "start" }));
  }

  /** What is at the top is the category that is open, also when a finger brought it there. */
  function follow(results: HTMLElement) {
    const top = results.getBoundingClientRect().top;
    const shown = [...results.querySelectorAll<HTMLElement>("[data-category]")].findLast((section) => section.getBoundingClientRect().top <= top + 12)?.dataset["category"];
    if (shown !== undefined && shown !== useTablet.getState().category) openCategory(shown);
  }

  const button = (product: ProductState) => (
    <ProductButton key={product.id} product={product} category={categories.find((each) => each.id === product.category)} now={buttonPrice(product, running, serviceType, rounding)} left={left.get(product.id) ?? null} onPick={pick} onOptions={onOptions} />
  );

  return (
    <section className={classes["pane"]} aria-label="Menu">
      <div className={classes["find"]}>
        <TextInput
          ref={field}
          aria-label="Search the menu"
          placeholder="Search: two letters or a number"
          leftSection={<IconSearch size={22} />}
          rightSection={searching ? <CloseButton aria-label="Clear search" onClick={() => setQuery("")} /> : null}
          rightSectionWidth={50}
          value={query}
          autoComplete="off"
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && found[0] && Number(left.get(found[0].id) ?? "1") > 0) pick(found[0]);
            if (event.key === "Escape") {
              setQuery("");
              event.currentTarget.blur();
            }
          }}
        />
      </div>
      <div className={classes["categories"]} role="tablist" aria-label="Categories">
        {sections.map(({ category }) => (
          <button key={category.id} type="button" role="tab" aria-selected={!searching && category.id === current?.id} className={classes["category"]} style={{ "--category": category.color }} onClick={() => goTo(category.id)}>
            {category.name}
          </button>
        ))}
      </div>
      {searching && found.length > 0 ? <div className={classes["results"]}><div className={classes["grid"]}>{found.map(button)}</div></div> : null}
      {searching && found.length === 0 ? <EmptyState icon={<IconToolsKitchen2Off size={44} />} title={`Nothing found for “${query.trim()}”`} text="Two letters of any word, or the beginning of a number." /> : null}
      {!searching && sections.length === 0 ? <EmptyState icon={<IconToolsKitchen2Off size={44} />} title="The menu is empty" text="A manager adds products in the settings." /> : null}
      {!searching && sections.length > 0 ? (
        <div className={classes["results"]} ref={grid} onScroll={(event) => follow(event.currentTarget)}>
          {sections.map((section) => (
            <section key={section.category.id} data-category={section.category.id} aria-label={section.category.name}>
              <h2 className={classes["heading"]}>{section.category.name}</h2>
              <div className={classes["grid"]}>{section.products.map(button)}</div>
            </section>
          ))}
        </div>
      ) : null}
    </section>
  );
});

const NO_RULES: readonly PriceRule[] = [];
const HALF_UP: Rounding = { mode: "half-up" };

/** The happy hours of this moment: buttons say what a tap would cost. */
function useHappyHours(): { readonly running: readonly PriceRule[]; readonly rounding: Rounding } {
  const { clock } = useHub();
  const merchant = useMerchant();
  const rules = merchant?.priceRules ?? NO_RULES;
  const names = useHubTime(clock, 10_000, (now) => runningRules(rules, new Date(now).toISOString(), merchant?.zone ?? "UTC").map(({ rule }) => rule).join());
  const running = useMemo(() => rules.filter(({ rule }) => names.split(",").includes(rule)), [rules, names]);
  const rounding = useMemo(() => (merchant && policiesNow(merchant)?.rounding) ?? HALF_UP, [merchant]);
  return { running, rounding };
}

/** "/" begins a search from anywhere on the screen. */
function useSlash() {
  const field = useRef<HTMLInputElement>(null);
  useKeys(field, (event) => {
    if (event.key !== "/" || isTypedInto(event.target)) return;
    event.preventDefault();
    field.current?.focus();
  });
  return field;
}
