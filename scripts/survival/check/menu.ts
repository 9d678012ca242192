import type { z } from "zod";
import type { Product } from "#shared/events/catalog-menu.ts";
import type { Policies, PriceRule } from "#shared/events/commerce.ts";
import type { newItem } from "#shared/commands/order.ts";
import type { OrderItem } from "#shared/events/sale-order.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { fractionOf, nearest, thousandths } from "./arithmetic.ts";
import type { History } from "./history.ts";
import { wallClock } from "./dates.ts";

/** As it leaves the tablet. */
export type Tapped = z.output<typeof newItem>;
type Known = Pick<EventEnvelope, "merchantid" | "time">;

/** What a place sold, charged and taxed at a moment, by the settings that stand in the log. */
export type Menu = { product(id: string): Product | undefined; readonly policies: Policies | undefined; readonly rules: readonly PriceRule[] };

export function menuAt(history: Pick<History, "of">, { merchantid, time }: Known): Menu {
  const last = <Event extends Known>(events: readonly Event[]) => events.filter((event) => event.merchantid === merchantid && event.time <= time).reduce<Event | undefined>((latest, event) => (latest !== undefined && latest.time > event.time ? latest : event), undefined);
  const products = history.of("catalog.product.created", "catalog.product.updated");
  return {
    product: (id) => last(products.filter(({ subject }) => subject === id))?.data,
    policies: last(history.of("commerce.policies.changed"))?.data,
    rules: last(history.of("commerce.price-rules.changed"))?.data.rules ?? [],
  };
}

/** What an item must be that was tapped so, for guests of that kind of service, at that moment of the place's own clock. Undefined of what is not on the menu. */
export function fromMenu(tapped: Tapped, menu: Menu, serviceType: OrderItem["serviceType"], at: string, zone: string): Partial<OrderItem> | undefined {
  const product = menu.product(tapped.product);
  const variant = product?.variants.find((one) => one.variant === tapped.variant);
  if (product === undefined || (tapped.variant !== null && variant === undefined)) return undefined;
  const service = tapped.serviceType ?? serviceType;
  const list = BigInt((variant ?? product).price.amount);
  const factor = thousandths(variant?.stockFactor ?? "1");
  const tax = menu.policies?.taxes.find(({ code, serviceTypes }) => code === product.taxCode && (serviceTypes?.includes(service) ?? true));
  const { item, quantity, seat, course, notes, allergy } = tapped;
  return {
    item,
    product: tapped.product,
    category: product.category,
    names: product.names,
    variant: variant === undefined ? null : { variant: variant.variant, name: variant.name, stockFactor: variant.stockFactor },
    quantity,
    seat,
    course: course ?? product.course,
    notes,
    allergy,
    serviceType: service,
    unitPrice: { amount: String(nowPrice(list, tapped.product, product, menu.rules, service, at, zone)), currency: product.price.currency },
    modifiers: modifiersOf(tapped, product),
    ...(tax === undefined ? {} : { tax: { code: tax.code, name: tax.name, rate: tax.rate, inclusive: tax.inclusive } }),
    portions: decimal(thousandths(quantity) * factor),
    recipe: product.recipe.map((line) => ({ ...line, quantity: decimal(thousandths(line.quantity) * factor) })),
  };
}

/** Of millionths, without zeros at the end. */
function decimal(millionths: bigint): string {
  const places = String(millionths % 1_000_000n).padStart(6, "0").replace(/0+$/, "");
  return `${millionths / 1_000_000n}${places === "" ? "" : `.${places}`}`;
}

/** The first happy hour that runs and names the product or its category. */
function nowPrice(list: bigint, id: string, { category, kind }: Product, rules: readonly PriceRule[], service: OrderItem["serviceType"], at: string, zone: string): bigint {
  const wall = wallClock(at, zone);
  const [weekday, minutes] = [wall.getUTCDay() || 7, wall.getUTCHours() * 60 + wall.getUTCMinutes()];
  const running = rules.filter(({ days, from, to }) => {
    const [begins, ends] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) as [number, number];
    const yesterday = weekday === 1 ? 7 : weekday - 1;
    return begins < ends ? days.includes(weekday) && minutes >= begins && minutes < ends : (days.includes(weekday) && minutes >= begins) || (days.includes(yesterday) && minutes < ends);
  });
  const rule = kind === "stored-value" ? undefined : running.find(({ products, categories, serviceTypes }) => (products.includes(id) || categories.includes(category)) && (serviceTypes?.includes(service) ?? true));
  const ruled = rule === undefined ? list : ruledBy(rule.change, list);
  return ruled < 0n ? 0n : ruled > list ? list : ruled;
}

function ruledBy(change: PriceRule["change"], list: bigint): bigint {
  if (change.kind === "price") return BigInt(change.price.amount);
  if (change.kind === "amount-off") return list - BigInt(change.amount.amount);
  const [n, d] = fractionOf(change.rate);
  return nearest(list * (d - n), d);
}

/** In the product's order of groups. Free are what the product comes with, and then as many as the group includes; what is left away costs nothing. The load makes every choice that must be made. */
function modifiersOf({ modifiers }: Tapped, { modifierGroups, price }: Product): OrderItem["modifiers"] {
  return modifierGroups.flatMap(({ group, options, includedFree }) => {
    let free = includedFree;
    return modifiers.filter((chosen) => chosen.group === group).flatMap((chosen) => {
      const option = options.find((one) => one.option === chosen.option);
      if (option === undefined) return [];
      const units = chosen.prefix === "no" ? 0 : chosen.quantity;
      const charged = units > 0 && option.default && chosen.prefix !== "extra" ? units - 1 : units;
      const paid = Math.max(0, charged - free);
      free -= charged - paid;
      return [{ ...chosen, name: option.name, kitchen: option.kitchen, price: { amount: String(BigInt(option.price.amount) * BigInt(paid)), currency: price.currency } }];
    });
  });
}
