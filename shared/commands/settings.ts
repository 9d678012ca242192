import { z } from "zod";
import { ingredient, ingredientCost, product } from "#shared/events/catalog-menu.ts";
import { merchantProfile, policies, priceRule, printer, routeRule, station } from "#shared/events/commerce.ts";
import { capability, deviceKind } from "#shared/events/identity.ts";
import { count, delivered, id, listPrice, text } from "#shared/events/primitives.ts";

/** Onboarding, by the operator's token; everything else by people with `manage.settings`. All -> `{}`. */
export const createOrganizer = z.object({ organizer: id("organizer"), name: text(60) });
/** Without policies the place begins with safe ones: no service charge, half-up over the check, the currency's smallest coin, one tax of nothing to be named. */
export const createMerchant = z.object({ merchant: id("merchant"), profile: merchantProfile, policies: policies.optional() });
/** Bills that are open keep the policies they were opened with (DOM-9). Refuses: unknown-tax { tax }, tax-in-use { tax } (products may name the code: it stays), duplicate-size, unit-not-shown { unit, shown }, cash-step-not-in-units { cashStep, unit } (also when the place is set up), changed-meanwhile { changed } (`was`, what the change was made of, is not what counts now: the names of what differs). */
export const changePolicies = z.object({ was: policies.nullable(), policies });
/** Name, address, zone, cut-over, locale and decimals; the currency stays. What was dated keeps its date (DOM-17). Refuses: unit-not-shown, cash-step-not-in-units (fewer decimals than the policies charge), changed-meanwhile { changed }. */
export const changeProfile = z.object({ was: merchantProfile.omit({ currency: true }), profile: merchantProfile.omit({ currency: true }) });
/** Happy hours, all of them. Refuses: duplicate-key { key }, wrong-currency, not-in-units, empty-time { rule } (it ends when it begins), rule-of-nothing { rule } (names no product and no category), unknown-product, unknown-category, changed-meanwhile (`was`, the rules that these were made of, are not those that count now). */
export const changePriceRules = z.object({ was: z.array(priceRule).max(50), rules: z.array(priceRule).max(50) });
export const addStation = station;
export const addPrinter = printer;
/** All of them. Refuses: unknown-station { station }, changed-meanwhile { changed }. */
export const changeRoutes = z.object({ was: z.array(routeRule).max(200), rules: z.array(routeRule).max(200) });
export const addTable = z.object({
  table: id("table"),
  name: text(10),
  zone: text(30),
  seats: z.number().int().min(1).max(50),
  x: z.number().int().min(0).max(99),
  y: z.number().int().min(0).max(99),
  shape: z.enum(["round", "square", "long"]),
});
export const createCategory = z.object({ category: id("category"), name: text(30), color: z.string().regex(/^#[0-9a-f]{6}$/), sort: z.number().int().min(0).max(999) });
export const createProduct = product.extend({ product: id("product") });
export const updateProduct = product.extend({ product: id("product") });
export const createIngredient = ingredient.extend({ ingredient: id("ingredient") });
export const countIngredient = z.object({ ingredient: id("ingredient"), quantity: count, reason: text(80) });
/**
 * `stock.receiveGoods` -> `{}`: a delivery. `cost` without its `tax`, of the whole quantity; `isCost`: it costs this from now on. Paid by invoice later, by bank, or in cash
 * out of a drawer by whoever may answer for that (`approve.cash`). Refuses: delivery-exists, unknown-ingredient, ingredient-twice, wrong-currency, cost-too-large, drawer-closed, not-enough-cash,
 * nothing-due, movement-exists, capability-missing.
 */
export const receiveGoods = z.object({
  delivery: id("delivery"),
  supplier: text(60),
  note: text(40).nullable(),
  lines: z.array(z.object({ ingredient: id("ingredient"), quantity: delivered, cost: listPrice, tax: listPrice, isCost: z.boolean() })).min(1).max(40),
  paid: z.discriminatedUnion("from", [z.object({ from: z.literal("later") }), z.object({ from: z.literal("bank") }), z.object({ from: z.literal("drawer"), drawer: id("drawer"), movement: id("movement") })]),
});
/** `stock.setCost` -> `{}`: what is used from now on costs this; null: not known. Refuses: unknown-ingredient, wrong-currency { currency }. */
export const setCost = z.object({ ingredient: id("ingredient"), cost: ingredientCost.nullable() });
/** `stock.setCountdown` -> `{}`; "0" marks as sold out, null stops counting. */
export const setCountdown = z.object({ product: id("product"), remaining: count.nullable() });
/** Belongs to the organizer. The PIN goes to `auth.setPin`, never into the log. */
export const createStaff = z.object({ staff: id("staff"), name: text(60), color: z.string().regex(/^#[0-9a-f]{6}$/), work: z.array(z.object({ merchant: id("merchant"), capabilities: z.array(capability).max(20) })).max(50) });
export const changePin = z.object({ staff: id("staff") });
export const disableStaff = z.object({ staff: id("staff"), reason: text(80) });
export const pairDevice = z.object({ device: id("device"), name: text(40), kind: deviceKind, station: id("station").nullable() });
export const revokeDevice = z.object({ device: id("device"), reason: text(80) });
