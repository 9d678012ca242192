import { z } from "zod";
import { modifierPrefix } from "#shared/events/catalog-menu.ts";
import { course, id, instant, seat, serviceType, text, wholeQuantity } from "#shared/events/primitives.ts";
import { approvalId } from "./approval.ts";
import { channel } from "#shared/events/sale-order.ts";

export const chosenModifier = z.object({
  group: z.string().max(40),
  option: z.string().max(40),
  prefix: modifierPrefix.default("none"),
  placement: z.enum(["whole", "left", "right"]).default("whole"),
  quantity: z.number().int().min(1).max(20).default(1),
});
/** What was chosen for a part of a combo: a line of its own in the order, with an id of its own. */
export const chosenPart = z.object({
  item: id("item"),
  part: z.string().max(40),
  product: id("product"),
  variant: z.string().max(40).nullable().default(null),
  course: course.optional(),
  modifiers: z.array(chosenModifier).max(60).default([]),
  notes: text(200).nullable().default(null),
});
/** What a waiter enters; price, tax and names are the hub's, frozen from the product (DOM-9). */
export const newItem = z.object({
  item: id("item"),
  product: id("product"),
  variant: z.string().max(40).nullable().default(null),
  quantity: wholeQuantity.default("1"),
  seat: seat.default(null),
  /** The product's own course when absent. */
  course: course.optional(),
  modifiers: z.array(chosenModifier).max(60).default([]),
  notes: text(200).nullable().default(null),
  allergy: z.array(text(30)).max(10).default([]),
  serviceType: serviceType.optional(),
  /** Of a combo: `item` then names the combo, and each part is a line (DOM-6). */
  parts: z.array(chosenPart).max(40).default([]),
});
/** An order without a table: takeaway, delivery, a tab (DOM-3). */
export const orderOpening = z.object({ serviceType, label: text(30), channel, customer: text(60).nullable(), promisedAt: instant.nullable() });

/**
 * `order.addItems` -> `{ order, check }`. Creates the order with its first item, and the check with it (DOM-10):
 * for a party the order that it was seated with (`party` given), else by `opening`.
 * Refuses: unknown-product { product }, inactive-product, sold-out { product, name }, modifier-minimum { group, name, min, chosen }, modifier-maximum,
 * unknown-option, unknown-variant, variant-required, combo-choices { part, name, quantity, chosen }, gift-card-quantity, item-exists { item }, too-many-items { most } (combos with all their parts), order-completed, unknown-order, check-closed.
 */
export const addItems = z.object({ order: id("order"), party: id("party").optional(), opening: orderOpening.optional(), items: z.array(newItem).min(1).max(50) });
/** `order.changeItem` -> `{}`: an entered item, whole. Refuses: item-sent, unknown-item, combo-part { combo } (what it is and how many is the combo's) and those of addItems. */
export const changeItem = z.object({ order: id("order"), item: newItem });
/** `order.removeItem` -> `{}`: an entered item; of a combo all of it goes. Refuses: item-sent, unknown-item. */
export const removeItem = z.object({ order: id("order"), item: id("item") });
/**
 * `order.send` -> `{ sent: itemIds }`. The named entered items; those of courses in `hold` are sent and held, unless the course is fired already (then ADD).
 * Naming an item that was sent before refuses nothing and does nothing for it (a second tap); when none is left: nothing-to-send.
 * Refuses: insufficient-stock { short: [{ product, name, requested, available, items }], sendable: itemIds }.
 */
export const sendItems = z.object({ order: id("order"), items: z.array(id("item")).min(1).max(100), hold: z.array(course).max(9).default([]) });
/**
 * `order.eraseGuest` -> `{}`: the guest's name, what was noted, and what the tab was called are taken out of the order, the orders that were merged with it, their checks, tickets,
 * slips and files, and of what was written of them; the audit's chain stays whole. Refuses: unknown-order, order-open { order }, nothing-to-erase; order-being-made { order,
 * items: [{ name, quantity }] } while the kitchen has tickets of it, unless it is to be erased all the same: then what it warns of stays on the tickets until they are done, or the day is over.
 */
export const eraseGuest = z.object({ order: id("order"), reason: text(200), whileMade: z.enum(["refuse", "erase"]).default("refuse") });
/** `order.fireCourse` -> `{ fired: itemIds }`. Refuses: nothing-held { course }. */
export const fireCourse = z.object({ order: id("order"), course });
/**
 * `order.voidItem` -> `{ voided, made }`. A sent item or a part of its quantity. `made`: what the person knows; what a cook has begun is made, whatever is said. `check`: whose part
 * of a shared line goes. Refuses: item-not-sent, item-voided, quantity-too-large { left }, item-paid; approval-required { action: void-made; subject: the order, the item as line,
 * quantity, reason } after it was made or once the bill was presented.
 */
export const voidItem = z.object({ order: id("order"), item: id("item"), quantity: wholeQuantity.optional(), newItem: id("item"), reason: text(80), made: z.boolean().optional(), check: id("check").optional(), approval: approvalId });
/**
 * `order.merge` -> `{ order }`: all of `source` goes to `target`, sent and unsent; the kitchen's tickets follow. Checks stay (merge them by `check.merge`).
 * Refuses: unknown-order, order-completed, same-order, order-of-another-party { party } (join the parties first).
 */
export const mergeOrders = z.object({ operation: id("operation"), source: id("order"), target: id("order") });
/**
 * `order.split` -> `{ order, check }`: the party divides. The items go to a new order and a new check of `party` (seated before) or of a name. A line that is
 * shared stays shared. Refuses: unknown-item, item-voided, order-exists, check-exists, check-closed, party-has-order, item-paid, attempt-open.
 */
export const splitOrder = z.object({ operation: id("operation"), order: id("order"), items: z.array(id("item")).min(1).max(200), newOrder: id("order"), check: id("check"), to: z.discriminatedUnion("kind", [z.object({ kind: z.literal("party"), party: id("party") }), z.object({ kind: z.literal("label"), label: text(30) })]) });
/** `order.undo` -> `{}`: of a merge or split of orders. Refuses: unknown-operation, cannot-undo { why: completed | moved-on | closed | paid }. */
export const undoOrder = z.object({ operation: id("operation"), order: id("order") });
