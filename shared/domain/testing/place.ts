import type { Money } from "#shared/events/primitives.ts";
import type { Policies } from "#shared/events/commerce.ts";
import type { CommandInput } from "../registry.ts";
import { id, OPERATOR, WAITER, world, type World } from "./given.ts";

export const eur = (amount: number): Money => ({ amount: String(amount), currency: "EUR" });

export const MERCHANT = id("merchant", 1);
export const STATIONS = { bar: id("station", 1), grill: id("station", 2), kitchen: id("station", 3), pass: id("station", 4) };
export const CATEGORIES = { drinks: id("category", 1), mains: id("category", 2), desserts: id("category", 3) };
export const PRODUCTS = { latte: id("product", 1), burger: id("product", 2), pho: id("product", 3), tiramisu: id("product", 4), bread: id("product", 5) };
export const TABLES = { t5: id("table", 5), t6: id("table", 6) };

export const POLICIES: Policies = {
  taxes: [
    { code: "food", name: "VAT 7 %", rate: "0.07", inclusive: true, serviceTypes: ["takeaway", "delivery"] },
    { code: "food", name: "VAT 19 %", rate: "0.19", inclusive: true },
    { code: "drink", name: "VAT 19 %", rate: "0.19", inclusive: true },
  ],
  serviceCharge: null,
  rounding: { mode: "half-up", level: "check" },
  cashStep: 5,
};

type Product = CommandInput<"catalog.createProduct">;
const names = (name: string) => ({ button: name, kitchen: name.toLowerCase(), receipt: name });
const plain = { variants: [], modifierGroups: [], recipe: [], active: true } satisfies Partial<Product>;

export const MENU: readonly Product[] = [
  {
    ...plain,
    product: PRODUCTS.latte,
    names: names("Latte"),
    category: CATEGORIES.drinks,
    number: 10,
    price: eur(350),
    taxCode: "drink",
    course: 1,
    variants: [
      { variant: "small", name: "small", price: eur(320), stockFactor: "0.5" },
      { variant: "large", name: "large", price: eur(450), stockFactor: "1" },
    ],
    modifierGroups: [
      {
        group: "extras",
        name: "Extras",
        min: 0,
        max: 4,
        includedFree: 1,
        options: [
          { option: "shot", name: "Shot", kitchen: "shot", price: eur(80), prefixes: ["extra"], default: false },
          { option: "syrup", name: "Syrup", kitchen: "syrup", price: eur(50), prefixes: ["light"], default: false },
        ],
      },
    ],
  },
  {
    ...plain,
    product: PRODUCTS.burger,
    names: names("Burger"),
    category: CATEGORIES.mains,
    number: 20,
    price: eur(1490),
    taxCode: "food",
    course: 1,
    recipe: [{ ingredient: id("ingredient", 1), quantity: "180" }],
    modifierGroups: [
      {
        group: "doneness",
        name: "Doneness",
        min: 1,
        max: 1,
        includedFree: 0,
        options: ["rare", "medium", "well"].map((option) => ({ option, name: option, kitchen: option, price: eur(0), prefixes: [], default: false })),
      },
      {
        group: "toppings",
        name: "Toppings",
        min: 0,
        max: 3,
        includedFree: 0,
        options: [
          { option: "onions", name: "Onions", kitchen: "onions", price: eur(40), prefixes: ["no", "extra", "side"], default: true },
          { option: "bacon", name: "Bacon", kitchen: "bacon", price: eur(200), prefixes: ["no", "extra", "light", "side"], default: false },
        ],
      },
    ],
  },
  { ...plain, product: PRODUCTS.pho, names: names("Phở bò"), category: CATEGORIES.mains, number: 21, price: eur(1250), taxCode: "food", course: 1 },
  { ...plain, product: PRODUCTS.tiramisu, names: names("Tiramisù"), category: CATEGORIES.desserts, number: 30, price: eur(690), taxCode: "food", course: 2 },
  { ...plain, product: PRODUCTS.bread, names: names("Bread"), category: CATEGORIES.desserts, number: 31, price: eur(0), taxCode: "food", course: 1 },
];

/** A place that can sell, set up by its own commands. */
export function place(policies: Policies = POLICIES): World {
  const w = world();
  w.does("commerce.createOrganizer", { organizer: id("organizer", 1), name: "Comanda Foods" }, OPERATOR);
  w.does(
    "commerce.createMerchant",
    {
      merchant: MERCHANT,
      profile: { name: "Trattoria", currency: "EUR", displayDigits: 2, zone: "Europe/Berlin", cutOver: "04:00", locale: "de-DE", address: ["Hauptstr. 1"] },
      policies,
    },
    OPERATOR,
  );
  for (const [name, station] of Object.entries(STATIONS)) w.does("commerce.addStation", { station, name, kind: name === "pass" ? "pass" : "prep" }, OPERATOR);
  w.does(
    "commerce.changeRoutes",
    {
      was: [],
      rules: [
        { category: CATEGORIES.drinks, stations: [STATIONS.bar] },
        { product: PRODUCTS.burger, stations: [STATIONS.grill, STATIONS.pass] },
        { category: CATEGORIES.mains, stations: [STATIONS.kitchen] },
        { product: PRODUCTS.tiramisu, stations: [STATIONS.kitchen] },
      ],
    },
    OPERATOR,
  );
  w.does("catalog.createIngredient", { ingredient: id("ingredient", 1), name: "Beef", unit: "g", lowBelow: "1000" }, OPERATOR);
  for (const [name, category] of Object.entries(CATEGORIES)) w.does("catalog.createCategory", { category, name, color: "#aa5500", sort: 1 }, OPERATOR);
  for (const product of MENU) w.does("catalog.createProduct", product, OPERATOR);
  let x = 0;
  for (const [name, table] of Object.entries(TABLES)) w.does("commerce.addTable", { table, name: name.toUpperCase(), zone: "Main", seats: 4, x: x++, y: 0, shape: "square" }, OPERATOR);
  return w;
}

type NewItem = CommandInput<"order.addItems">["items"][number];

export const PARTY = id("party", 1);
export const ORDER = id("order", 1);

/** A party of two at T5, nothing ordered yet. */
export function seated(policies?: Policies): World {
  const w = place(policies);
  w.does("party.seat", { party: PARTY, order: ORDER, tables: [TABLES.t5], covers: 2, whenOccupied: "refuse" });
  return w;
}

export const phoItem = (n: number, more: Partial<NewItem> = {}): NewItem => ({ item: id("item", n), product: PRODUCTS.pho, ...more });
export const burgerItem = (n: number, more: Partial<NewItem> = {}): NewItem => ({
  item: id("item", n),
  product: PRODUCTS.burger,
  modifiers: [{ group: "doneness", option: "medium" }],
  ...more,
});
export const latteItem = (n: number, more: Partial<NewItem> = {}): NewItem => ({ item: id("item", n), product: PRODUCTS.latte, variant: "large", ...more });
export const tiramisuItem = (n: number, more: Partial<NewItem> = {}): NewItem => ({ item: id("item", n), product: PRODUCTS.tiramisu, ...more });

export function add(w: World, ...items: NewItem[]): { readonly order: string; readonly check: string } {
  return w.does("order.addItems", { order: ORDER, party: PARTY, items }).result;
}

export function send(w: World, ...items: number[]): void {
  w.does("order.send", { order: ORDER, items: items.map((n) => id("item", n)) });
}

export const DRAWER = id("drawer", 1);
export function openDrawer(w: World): void {
  w.does("drawer.open", { drawer: DRAWER, name: "Till 1", float: eur(10_000) }, WAITER);
}
