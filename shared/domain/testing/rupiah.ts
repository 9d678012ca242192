import type { Policies } from "#shared/events/commerce.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { CommandInput } from "../registry.ts";
import { id, OPERATOR, WAITER, world, type World } from "./given.ts";
import { DRAWER, MERCHANT, ORDER, PARTY } from "./place.ts";

/** Whole rupiah; stored are sen. */
export const rp = (rupiah: number): Money => ({ amount: String(Math.round(rupiah * 100)), currency: "IDR" });

/** Service 5 %, tax 10 % on top of both, cash to the nearest 100; nothing is said of the smallest amount that is charged. */
export const RUPIAH: Policies = {
  taxes: [{ code: "pb1", name: "PB1", rate: "0.1", inclusive: false }],
  serviceCharge: { rate: "0.05", taxCode: "pb1", removable: false, beneficiary: "staff", serviceTypes: ["dine_in"] },
  rounding: { mode: "half-up", level: "check" },
  cashStep: 10_000,
};
export const SOTO = id("product", 1);
export const TEH = id("product", 2);
const TABLE = id("table", 1);

type Product = CommandInput<"catalog.createProduct">;
const dish = (product: string, number: number, name: string, price: Money): Product => ({
  product, number, price, names: { button: name, kitchen: name, receipt: name }, category: id("category", 1), taxCode: "pb1", course: 1, variants: [], modifierGroups: [], recipe: [], active: true,
});
export const SOTO_DISH = dish(SOTO, 1, "Soto ayam", rp(39_900));

/** A place in Jakarta, where rupiah are stored in sen and shown without: a party of three is seated. */
export function warung(policies: Policies = RUPIAH, displayDigits = 0): World {
  const w = world();
  w.does("commerce.createOrganizer", { organizer: id("organizer", 1), name: "PT Senja Rasa" }, OPERATOR);
  const profile = { name: "Warung", currency: "IDR", displayDigits, zone: "Asia/Jakarta", cutOver: "04:00", locale: "id-ID", address: ["Jl. Cikini 1"] };
  w.does("commerce.createMerchant", { merchant: MERCHANT, profile, policies }, OPERATOR);
  w.does("catalog.createCategory", { category: id("category", 1), name: "Makanan", color: "#aa5500", sort: 1 }, OPERATOR);
  for (const product of [SOTO_DISH, dish(TEH, 2, "Es teh", rp(12_500))]) w.does("catalog.createProduct", product, OPERATOR);
  w.does("commerce.addTable", { table: TABLE, name: "1", zone: "Teras", seats: 4, x: 0, y: 0, shape: "square" }, OPERATOR);
  w.does("party.seat", { party: PARTY, order: ORDER, tables: [TABLE], covers: 3, whenOccupied: "refuse" });
  return w;
}

/** So many soto, each an item of its own; their check. */
export function soto(w: World, many: number): string {
  return w.does("order.addItems", { order: ORDER, party: PARTY, items: Array.from({ length: many }, (_, i) => ({ item: id("item", i + 1), product: SOTO })) }).result.check;
}

export function openRupiahDrawer(w: World): void {
  w.does("drawer.open", { drawer: DRAWER, name: "Till 1", float: rp(1_000_000) }, WAITER);
}
