import { z } from "zod";
import { modifierPrefix, productKind, productNames } from "./catalog-menu.ts";
import { taxRate } from "./commerce.ts";
import { event, type EventOf } from "./define.ts";
import { course, id, instant, money, person, portions, quantity, seat, serviceType, text } from "./primitives.ts";

export const channel = z.enum(["till", "tablet", "self-order"]);
export const orderModifier = z.object({
  group: z.string(),
  option: z.string(),
  name: text(40),
  kitchen: text(40),
  prefix: modifierPrefix,
  placement: z.enum(["whole", "left", "right"]),
  quantity: z.number().int().min(1).max(20),
  /** For one of the item, free ones already taken off. */
  price: money,
});
/** Which combo a line belongs to. `combo`: the id under which it was entered, the same for all its lines; they move together on the bill. */
export const comboOf = z.object({ combo: id("item"), product: id("product"), part: z.string(), name: text(40), listPrice: money });
/** DOM-4, DOM-9: everything that price, kitchen and receipt need, frozen when the item was entered. */
export const orderItem = z.object({
  item: id("item"),
  product: id("product"),
  productVersion: z.number().int().min(1),
  category: id("category"),
  names: productNames,
  /** With the part of a portion that it takes: half a portion is "0.5" (DOM-7). */
  variant: z.object({ variant: z.string(), name: text(30), stockFactor: quantity.optional() }).nullable(),
  quantity,
  seat,
  course,
  modifiers: z.array(orderModifier).max(60),
  notes: text(200).nullable(),
  /** What the guest must not eat, in the kitchen's words: "nuts". Never a note (DOM-7). */
  allergy: z.array(text(30)).max(10),
  /** Of one, variant included, modifiers not. */
  unitPrice: money,
  tax: taxRate,
  serviceType,
  /** Portions it takes from a countdown: quantity times the variant's stock factor. */
  portions,
  /** For one of the item, the variant's stock factor included. */
  recipe: z.array(z.object({ ingredient: id("ingredient"), quantity: portions })).max(40),
  by: person,
  splitFrom: id("item").nullable(),
  kind: productKind.optional(),
  /** The happy hour that set `unitPrice`, and what it would have been (DOM-9). */
  priceRule: z.object({ rule: z.string(), name: text(40), listPrice: money }).optional(),
  /** It is part of a combo, whose other parts name the same `combo`; `unitPrice` is what of the combo's price it bears, surcharge included (DOM-6). */
  combo: comboOf.optional(),
});
export const orderHeader = z.object({
  serviceType,
  /** What people call it: "T5", "Pickup 47", "Tab Mike". */
  label: text(30),
  channel,
  party: id("party").nullable(),
  customer: text(60).nullable(),
  promisedAt: instant.nullable(),
  server: person,
});
export const sentItem = orderItem.extend({
  /** False: sent and held, until its course is fired (DOM-6). */
  fired: z.boolean(),
  /** ADD: its course had been fired before. */
  mark: z.enum(["NEW", "ADD"]),
  /** The send took its portions from a countdown. */
  counted: z.boolean().optional(),
});

/** An item with where it is on its way, as it moves from order to order. */
export const movedItem = orderItem.extend({
  status: z.enum(["entered", "held", "fired", "voided"]),
  mark: z.enum(["NEW", "ADD"]).nullable(),
  enteredAt: instant,
  sentAt: instant.nullable(),
  firedAt: instant.nullable(),
  voidReason: z.string().nullable(),
  counted: z.boolean(),
  sentBy: id("event").optional(),
});
const movedCourse = z.object({ course, status: z.enum(["held", "fired"]), firedAt: instant.nullable(), by: z.string().nullable() });
/** Items that go from one order to another. The kitchen cooks nothing again: its tickets change order and label. */
const moved = { operation: id("operation"), from: id("order"), into: id("order"), items: z.array(movedItem).max(500), courses: z.array(movedCourse).max(9), header: orderHeader, by: person };

export const saleOrderEvents = [
  event("sale.order.created", 1, orderHeader.extend({ defaultCheck: id("check") })),
  event("sale.order.itemsAdded", 1, z.object({ items: z.array(orderItem).min(1).max(100) })),
  /** Entered items only: the whole item as it is now. */
  event("sale.order.itemChanged", 1, z.object({ item: orderItem })),
  event("sale.order.itemRemoved", 1, z.object({ item: id("item") })),
  /** Carries the items whole and the order's header, so that the kitchen needs nothing else. */
  event("sale.order.sent", 1, z.object({ header: orderHeader, items: z.array(sentItem).min(1).max(100), by: person })),
  event("sale.order.courseFired", 1, z.object({ header: orderHeader, course, items: z.array(sentItem).max(100), by: person })),
  /**
   * A part of the quantity leaves the line as a line of its own, `voided`, which is void from birth (DOM-5);
   * a whole line voids itself (`voided` = `item`, `remaining` null). `wasMade`: a cook had begun it, or the person said that it was made; then it is waste.
   */
  event(
    "sale.order.itemVoided",
    1,
    z.object({ header: orderHeader, item: id("item"), voided: orderItem, remaining: quantity.nullable(), reason: text(80), wasFired: z.boolean(), wasMade: z.boolean().optional(), by: person }),
  ),
  /** On the source, which is over, and on the target. */
  event("sale.order.merged", 1, z.object({ ...moved, checks: z.array(id("check")).max(60) })),
  /** On both: what came with the merge goes back as it is now; what was added since stays. `header`: of the order that is open again. */
  event("sale.order.mergeRolledBack", 1, z.object(moved)),
  /** The party divides: on the order that gives, and on the new one, which `sale.order.created` began. `undone`: they come back. */
  event("sale.order.split", 1, z.object({ ...moved, undone: z.boolean() })),
  /** Another table, party or waiter: labels change on the kitchen's tickets too. */
  event("sale.order.headerChanged", 1, z.object({ header: orderHeader, operation: id("operation").nullable(), by: person })),
  /** Where new items go when no seat has a check of its own. */
  event("sale.order.defaultCheckChanged", 1, z.object({ check: id("check") })),
  event("sale.order.completed", 1, z.object({})),
  /** Somebody had the guest's name, what was noted for the guest and what the tab was called taken out of everything that was written of the order and these checks. */
  event("sale.order.guestErased", 1, z.object({ checks: z.array(id("check")).max(500), reason: text(200), by: person })),
] as const;
export type SaleOrderEvent = EventOf<typeof saleOrderEvents>;
export type MovedItem = z.infer<typeof movedItem>;
export type OrderItem = z.infer<typeof orderItem>;
export type SentItem = z.infer<typeof sentItem>;
export type OrderModifier = z.infer<typeof orderModifier>;
export type OrderHeader = z.infer<typeof orderHeader>;
