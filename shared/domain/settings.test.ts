import { describe, expect, test } from "vitest";
import { id, OPERATOR, WAITER, world } from "./testing/given.ts";
import { CATEGORIES, eur, MENU, MERCHANT, place, POLICIES, PRODUCTS, STATIONS, TABLES } from "./testing/place.ts";

const product = (key: keyof typeof PRODUCTS) => {
  const found = MENU.find((p) => p.product === PRODUCTS[key]);
  if (!found) throw new Error(`no ${key}`);
  return found;
};
const profile = { name: "Bar", currency: "EUR", displayDigits: 2, zone: "Europe/Berlin", cutOver: "04:00", locale: "de-DE", address: [] };

describe("onboarding", () => {
  test("a merchant begins with its policies and is announced as initialized", () => {
    const w = world();
    const { events } = w.does("commerce.createMerchant", { merchant: MERCHANT, profile, policies: POLICIES }, OPERATOR);
    expect(events.map((e) => e.type)).toEqual(["commerce.merchant.created", "commerce.policies.changed", "commerce.initialized"]);
    expect(w.refuses("commerce.createMerchant", { merchant: MERCHANT, profile, policies: POLICIES }, OPERATOR)).toMatchObject({ refused: "merchant-exists" });
  });

  test("refuses organizer-exists, and a service charge taxed by a code that is not there", () => {
    const w = place();
    expect(w.refuses("commerce.createOrganizer", { organizer: id("organizer", 1), name: "X" }, OPERATOR)).toMatchObject({ refused: "organizer-exists" });
    const serviceCharge = { rate: "0.1", taxCode: "gone", removable: true, beneficiary: "house", serviceTypes: ["dine_in"] } as const;
    const policies = { ...POLICIES, serviceCharge: { ...serviceCharge, serviceTypes: [...serviceCharge.serviceTypes] } };
    expect(w.refuses("commerce.changePolicies", { was: POLICIES, policies }, OPERATOR)).toEqual({ refused: "unknown-tax", tax: "gone" });
  });

  test("nothing of a merchant that is not set up: merchant-not-ready", () => {
    const w = world();
    const stations = { station: STATIONS.bar, name: "Bar", kind: "prep" } as const;
    expect(w.refuses("commerce.addStation", stations, OPERATOR)).toMatchObject({ refused: "merchant-not-ready" });
    expect(w.refuses("commerce.changePolicies", { was: null, policies: POLICIES }, OPERATOR)).toMatchObject({ refused: "merchant-not-ready" });
    expect(w.refuses("catalog.createProduct", product("pho"), OPERATOR)).toMatchObject({ refused: "merchant-not-ready" });
    expect(w.refuses("drawer.open", { drawer: id("drawer", 1), name: "Till", float: eur(0) })).toMatchObject({ refused: "merchant-not-ready" });
  });
});

describe("stations, printers, routes, tables", () => {
  const printer = { printer: id("printer", 1), name: "Grill", host: "127.0.0.1", port: 9100, profile: "epson", stations: [STATIONS.grill], receipts: false };

  test("are added once, and name only what is there", () => {
    const w = place();
    w.does("commerce.addPrinter", printer, OPERATOR);
    expect(w.get("merchant", MERCHANT)?.printers).toEqual([printer]);
    expect(w.refuses("commerce.addPrinter", printer, OPERATOR)).toMatchObject({ refused: "printer-exists" });
    expect(w.refuses("commerce.addPrinter", { ...printer, printer: id("printer", 2), stations: [id("station", 9)] }, OPERATOR)).toEqual({ refused: "unknown-station", station: id("station", 9) });
    expect(w.refuses("commerce.addStation", { station: STATIONS.bar, name: "Bar", kind: "prep" }, OPERATOR)).toMatchObject({ refused: "station-exists" });
    expect(w.refuses("commerce.changeRoutes", { was: [...(w.get("merchant", MERCHANT)?.routes ?? [])], rules: [{ stations: [id("station", 9)] }] }, OPERATOR)).toMatchObject({ refused: "unknown-station" });
    expect(w.refuses("commerce.addTable", { table: TABLES.t5, name: "T5", zone: "Main", seats: 2, x: 0, y: 0, shape: "round" }, OPERATOR)).toMatchObject({ refused: "table-exists" });
  });
});

describe("menu and stock", () => {
  test("failure 18: a product names only categories, taxes, ingredients and the currency of this place", () => {
    const w = place();
    const pho = { ...product("pho"), product: id("product", 50) };
    const refused = (change: Partial<typeof pho>) => w.refuses("catalog.createProduct", { ...pho, ...change }, OPERATOR);
    expect(refused({ category: id("category", 9) })).toMatchObject({ refused: "unknown-category" });
    expect(refused({ taxCode: "gone" })).toMatchObject({ refused: "unknown-tax" });
    expect(refused({ recipe: [{ ingredient: id("ingredient", 9), quantity: "1" }] })).toMatchObject({ refused: "unknown-ingredient" });
    expect(refused({ price: { amount: "100", currency: "USD" } })).toEqual({ refused: "wrong-currency", currency: "EUR" });
    expect(refused({ product: PRODUCTS.pho })).toMatchObject({ refused: "product-exists" });
    expect(w.refuses("catalog.updateProduct", pho, OPERATOR)).toMatchObject({ refused: "unknown-product" });
  });

  test("a product that could never be ordered does not get on the menu", () => {
    const w = place();
    const burger = product("burger");
    const [group] = burger.modifierGroups;
    const [latte] = product("latte").variants;
    if (!group || !latte) throw new Error("no group");
    expect(w.refuses("catalog.updateProduct", { ...burger, modifierGroups: [{ ...group, min: 2, max: 1 }] }, OPERATOR)).toMatchObject({ refused: "modifier-minimum-over-maximum" });
    expect(w.refuses("catalog.updateProduct", { ...burger, modifierGroups: [group, group] }, OPERATOR)).toEqual({ refused: "duplicate-key", key: "doneness" });
    expect(w.refuses("catalog.updateProduct", { ...burger, variants: [latte, latte] }, OPERATOR)).toMatchObject({ refused: "duplicate-key" });
  });

  test("categories and ingredients are created once; ingredients are counted", () => {
    const w = place();
    expect(w.refuses("catalog.createCategory", { category: CATEGORIES.drinks, name: "X", color: "#000000", sort: 1 }, OPERATOR)).toMatchObject({ refused: "category-exists" });
    expect(w.refuses("catalog.createIngredient", { ingredient: id("ingredient", 1), name: "X", unit: "g", lowBelow: "1" }, OPERATOR)).toMatchObject({ refused: "ingredient-exists" });
    w.does("stock.countIngredient", { ingredient: id("ingredient", 1), quantity: "5000", reason: "delivery" }, OPERATOR);
    expect(w.refuses("stock.countIngredient", { ingredient: id("ingredient", 9), quantity: "1", reason: "x" }, OPERATOR)).toMatchObject({ refused: "unknown-ingredient" });
  });
});

describe("people and devices", () => {
  const staff = { staff: id("staff", 5), name: "Leo", color: "#3366ff", work: [{ merchant: MERCHANT, capabilities: ["order.take" as const] }] };
  const device = { device: id("device", 5), name: "Grill screen", kind: "kds" as const, station: STATIONS.grill };

  test("staff is created once and disabled for good", () => {
    const w = place();
    w.does("identity.createStaff", staff, OPERATOR);
    expect(w.refuses("identity.createStaff", staff, OPERATOR)).toMatchObject({ refused: "staff-exists" });
    w.does("identity.disableStaff", { staff: staff.staff, reason: "left" }, OPERATOR);
    expect(w.get("staff", staff.staff)?.disabled).toBe(true);
    expect(w.does("identity.disableStaff", { staff: staff.staff, reason: "left" }, OPERATOR).events).toEqual([]);
    expect(w.refuses("identity.disableStaff", { staff: id("staff", 9), reason: "left" }, OPERATOR)).toMatchObject({ refused: "unknown-staff" });
  });

  test("nobody grants a capability that they lack, or work at another place of the organizer", () => {
    const w = place();
    const manager = { ...WAITER, capabilities: ["manage.settings" as const, "order.take" as const] };
    const grants = (merchant: string, capability: "order.take" | "manage.view") => ({ ...staff, work: [{ merchant, capabilities: [capability] }] });
    expect(w.refuses("identity.createStaff", grants(MERCHANT, "manage.view"), manager)).toEqual({ refused: "grant-exceeds-own", merchant: MERCHANT, capability: "manage.view" });
    expect(w.refuses("identity.createStaff", grants(id("merchant", 2), "order.take"), manager)).toMatchObject({ refused: "grant-exceeds-own", merchant: id("merchant", 2) });
    w.does("identity.createStaff", grants(MERCHANT, "order.take"), manager);
  });

  test("a manager ends and lets in only people of the own place: no PIN of somebody with more rights, nobody who works elsewhere too", () => {
    const w = place();
    const manager = { ...WAITER, capabilities: ["manage.settings" as const, "order.take" as const] };
    const hire = (n: number, ...work: (typeof staff)["work"]) => {
      w.does("identity.createStaff", { ...staff, staff: id("staff", n), work }, OPERATOR);
      return id("staff", n);
    };
    const order = { merchant: MERCHANT, capabilities: ["order.take" as const] };
    const own = hire(10, order);
    const shared = hire(11, order, { merchant: id("merchant", 2), capabilities: [] });
    const foreign = hire(12, { ...order, merchant: id("merchant", 2) });
    w.does("identity.createStaff", { ...staff, staff: id("staff", 13), work: [{ merchant: MERCHANT, capabilities: ["manage.view"] }] }, OPERATOR);
    const boss = id("staff", 13);
    expect(w.refuses("identity.changePin", { staff: boss }, manager)).toEqual({ refused: "grant-exceeds-own", merchant: MERCHANT, capability: "manage.view" });
    for (const command of ["identity.changePin", "identity.disableStaff"] as const) {
      expect(w.refuses(command, { staff: shared, reason: "x" }, manager)).toEqual({ refused: "grant-exceeds-own", merchant: id("merchant", 2), capability: null });
    }
    expect(w.refuses("identity.disableStaff", { staff: foreign, reason: "x" }, manager)).toMatchObject({ refused: "grant-exceeds-own" });
    expect(w.refuses("identity.changePin", { staff: foreign }, OPERATOR)).toEqual({ refused: "unknown-staff", staff: foreign });
    for (const person of [boss, shared]) w.does("identity.changePin", { staff: person }, OPERATOR);
    expect(w.does("identity.changePin", { staff: own }, manager).events).toEqual([{ type: "identity.staff.pinChanged", data: { by: "Mai" } }]);
    w.does("identity.disableStaff", { staff: boss, reason: "left" }, manager);
    expect(w.refuses("identity.changePin", { staff: boss }, OPERATOR)).toMatchObject({ refused: "unknown-staff" });
  });

  test("a device is paired once, with a station that is there, and revoked for good", () => {
    const w = place();
    expect(w.refuses("identity.pairDevice", { ...device, station: id("station", 9) }, OPERATOR)).toMatchObject({ refused: "unknown-station" });
    w.does("identity.pairDevice", device, OPERATOR);
    expect(w.refuses("identity.pairDevice", device, OPERATOR)).toMatchObject({ refused: "device-exists" });
    w.does("identity.revokeDevice", { device: device.device, reason: "lost" }, OPERATOR);
    expect(w.does("identity.revokeDevice", { device: device.device, reason: "lost" }, OPERATOR).events).toEqual([]);
    expect(w.refuses("identity.revokeDevice", { device: id("device", 9), reason: "lost" }, OPERATOR)).toMatchObject({ refused: "unknown-device" });
  });
});
