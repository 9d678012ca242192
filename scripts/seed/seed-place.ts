import type { CommandInput } from "#shared/domain/registry.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { PaymentProvider } from "#shared/events/payment.ts";
import { seedId } from "./ids.ts";
import type { SeedClient } from "./client.ts";
import type { Dish, Group, Place } from "./place.ts";

export type PrinterAddress = { readonly name: string; readonly host: string; readonly port: number };

/** Commands at a time: the hub commits what arrives together in one batch. */
const AT_ONCE = 16;

/** Makes by commands what is not there yet; answers how much that was. */
export async function seedPlace(place: Place, printers: readonly PrinterAddress[], client: SeedClient, payments: readonly PaymentProvider[] = []): Promise<number> {
  const id = (kind: Parameters<typeof seedId>[0], name: string) => seedId(kind, place.key, name);
  const organizer = id("organizer", "organizer");
  const merchant = id("merchant", "merchant");
  let made = 0;

  if (await client.run("commerce.createOrganizer", { organizer, name: place.organizer }, ["organizer-exists"])) made++;
  const before = await client.streams();
  if (!before.has(merchant)) {
    await client.run("commerce.createMerchant", { merchant, profile: place.profile, policies: place.policies });
    made++;
  }
  const settings = ((await client.streams()).get(merchant) ?? {}) as MerchantState;

  for (const station of place.stations) {
    const input = { station: id("station", station.key), name: station.name, kind: station.kind };
    if (settings.stations.some((one) => one.station === input.station)) continue;
    await client.run("commerce.addStation", input);
    made++;
  }
  for (const printer of place.printers) {
    const address = printers.find(({ name }) => name === printer.name);
    const printerId = id("printer", printer.name);
    if (address === undefined || settings.printers.some((one) => one.printer === printerId)) continue;
    const { name, host, port } = address;
    await client.run("commerce.addPrinter", { printer: printerId, name, host, port, profile: "epson-tm-t88v", stations: printer.stations.map((key) => id("station", key)), receipts: printer.receipts });
    made++;
  }

  for (const payment of payments) {
    if (settings.providers?.some(({ provider }) => provider === payment.provider)) continue;
    await client.run("commerce.connectProvider", payment);
    made++;
  }
  const houseAccount = id("houseAccount", "hotel");
  if (!before.has(houseAccount)) {
    await client.run("payment.openHouseAccount", { account: houseAccount, name: "Hotel next door", limit: null });
    made++;
  }

  const missing = <T>(kind: Parameters<typeof seedId>[0], things: readonly T[], nameOf: (thing: T) => string) => things.filter((thing) => !before.has(id(kind, nameOf(thing))));
  const all = async <T>(things: readonly T[], make: (thing: T) => Promise<unknown>) => {
    for (let at = 0; at < things.length; at += AT_ONCE) await Promise.all(things.slice(at, at + AT_ONCE).map(make));
    made += things.length;
  };

  await all(missing("table", place.tables, ({ name }) => name), (table) => client.run("commerce.addTable", { ...table, table: id("table", table.name) }));
  await all(missing("category", place.categories, ({ key }) => key), ({ key, name, color }) => {
    const sort = place.categories.findIndex((category) => category.key === key);
    return client.run("catalog.createCategory", { category: id("category", key), name, color, sort });
  });
  if (settings.routes.length === 0) {
    const rules = Object.entries(place.routes).map(([category, station]) => ({ category: id("category", category), stations: [id("station", station)] }));
    await client.run("commerce.changeRoutes", { was: [], rules });
    made++;
  }
  await all(missing("ingredient", place.ingredients, ({ key }) => key), async ({ key, onHand, cost, ...data }) => {
    const ingredient = id("ingredient", key);
    const known = cost ? { cost: { amount: { amount: String(cost.amount), currency: place.profile.currency }, per: cost.per } } : {};
    await client.run("catalog.createIngredient", { ...data, ...known, ingredient });
    await client.run("stock.countIngredient", { ingredient, quantity: onHand, reason: "Opening count" });
  });
  // What combos are made of comes first.
  const dishes = missing("product", place.dishes, ({ key }) => key);
  for (const some of [dishes.filter(({ combo }) => !combo), dishes.filter(({ combo }) => combo)]) {
    await all(some, async (dish) => {
      const product = productOf(place, dish, id);
      await client.run("catalog.createProduct", product);
      if (dish.left !== undefined) await client.run("stock.setCountdown", { product: product.product, remaining: dish.left });
    });
  }
  if (settings.priceRules.length === 0 && place.happyHours.length > 0) {
    const rules = place.happyHours.map(({ dishes: keys, categories, ...rule }) => ({ ...rule, products: keys.map((key) => id("product", key)), categories: categories.map((key) => id("category", key)) }));
    await client.run("commerce.changePriceRules", { was: [], rules });
    made++;
  }
  await all(missing("staff", place.people, ({ key }) => key), async ({ key, name, color, capabilities }) =>
    client.run("identity.createStaff", { staff: id("staff", key), name, color, work: [{ merchant, capabilities: [...capabilities] }] }),
  );
  const withPin = await client.withPin(merchant);
  for (const { key, name, pin } of place.people) {
    if (!withPin.has(name)) await client.setPin(id("staff", key), pin);
  }
  return made;
}

function productOf(place: Place, dish: Dish, id: (kind: "product" | "category" | "ingredient", name: string) => string): CommandInput<"catalog.createProduct"> {
  const money = (minor: number) => ({ amount: String(minor), currency: place.profile.currency });
  const group = ({ options, free, ...rest }: Group) => ({
    ...rest,
    includedFree: free ?? 0,
    options: options.map(({ option, name, price, prefixes, default: isDefault }) => ({ option, name, kitchen: name, price: money(price ?? 0), prefixes: prefixes ?? [], default: isDefault ?? false })),
  });
  return {
    product: id("product", dish.key),
    names: { button: dish.name, kitchen: dish.kitchen ?? dish.name, receipt: dish.receipt ?? dish.name },
    category: id("category", dish.category),
    number: dish.number,
    price: money(dish.price),
    variants: (dish.variants ?? []).map(({ variant, name, price, stockFactor }) => ({ variant, name, price: money(price), stockFactor: stockFactor ?? "1" })),
    modifierGroups: (dish.groups ?? []).map(group),
    taxCode: dish.tax,
    course: dish.course ?? 1,
    recipe: Object.entries(dish.recipe ?? {}).map(([ingredient, quantity]) => ({ ingredient: id("ingredient", ingredient), quantity })),
    active: true,
    ...(dish.kind ? { kind: dish.kind } : {}),
    ...(dish.combo
      ? {
          combo: dish.combo.map(({ part, name, choices }) => ({
            part,
            name,
            quantity: 1,
            choices: choices.map(({ dish: key, variant, surcharge }) => ({ product: id("product", key), variant: variant ?? null, surcharge: money(surcharge ?? 0) })),
          })),
        }
      : {}),
  };
}
