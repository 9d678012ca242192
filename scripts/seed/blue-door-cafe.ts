import { CAPABILITIES, type Place } from "./place.ts";

/** Another business on the same hub: dollars, sales tax on top of the price, tips written on the slip of an authorised card, a gratuity for parties of six. */
export const BLUE_DOOR_CAFE: Place = {
  key: "blue-door-cafe",
  organizer: "Blue Door LLC",
  profile: { name: "Blue Door Café", currency: "USD", displayDigits: 2, zone: "America/New_York", cutOver: "03:00", locale: "en-US", address: ["88 Willow Street", "Brooklyn, NY 11201"] },
  policies: {
    taxes: [{ code: "sales", name: "Sales tax", rate: "0.08875", inclusive: false }],
    serviceCharge: { rate: "0", taxCode: "sales", removable: true, beneficiary: "staff", serviceTypes: ["dine_in"], bySize: [{ minCovers: 6, rate: "0.18", removable: true }] },
    rounding: { mode: "half-up", level: "check" },
    cashStep: 1,
    tips: { suggestions: ["0.18", "0.2", "0.22"], afterAuthorisation: true, recipient: "server" },
    taxOnSplit: "family",
  },
  happyHours: [{ rule: "end-of-day", name: "End of day", days: [1, 2, 3, 4, 5, 6, 7], from: "15:00", to: "18:00", dishes: [], categories: ["bakery"], change: { kind: "percent-off", rate: "0.4" } }],
  stations: [
    { key: "counter", name: "Counter", kind: "prep" },
    { key: "pass", name: "Pass", kind: "pass" },
  ],
  printers: [{ name: "Counter", stations: ["counter"], receipts: true }],
  routes: { coffee: "counter", bakery: "counter", plates: "counter" },
  tables: [
    { name: "1", zone: "Café", seats: 2, x: 0, y: 0, shape: "round" },
    { name: "2", zone: "Café", seats: 2, x: 2, y: 0, shape: "round" },
    { name: "3", zone: "Café", seats: 4, x: 4, y: 0, shape: "square" },
    { name: "4", zone: "Café", seats: 4, x: 0, y: 2, shape: "square" },
    { name: "5", zone: "Café", seats: 6, x: 2, y: 2, shape: "long" },
  ],
  categories: [
    { key: "coffee", name: "Coffee", color: "#3d6b8f" },
    { key: "bakery", name: "Bakery", color: "#b58342" },
    { key: "plates", name: "Plates", color: "#5d8a4a" },
    { key: "sets", name: "Sets & gifts", color: "#7a5aa6" },
  ],
  ingredients: [
    { key: "beans", name: "Coffee beans", unit: "g", lowBelow: "500", onHand: "2500" },
    { key: "bagels", name: "Bagels", unit: "piece", lowBelow: "10", onHand: "40" },
  ],
  dishes: [
    { key: "drip", number: 1, name: "Drip coffee", category: "coffee", price: 325, tax: "sales", recipe: { beans: "15" } },
    { key: "flat-white", number: 2, name: "Flat white", category: "coffee", price: 475, tax: "sales", recipe: { beans: "18" } },
    { key: "cold-brew", number: 3, name: "Cold brew", category: "coffee", price: 500, tax: "sales", groups: [{ group: "milk", name: "Milk", min: 0, max: 1, options: [{ option: "oat", name: "Oat milk", price: 75 }] }] },
    { key: "bagel", number: 10, name: "Bagel", category: "bakery", price: 450, tax: "sales", recipe: { bagels: "1" }, groups: [{ group: "spread", name: "Spread", min: 1, max: 1, options: [{ option: "cream-cheese", name: "Cream cheese" }, { option: "butter", name: "Butter" }, { option: "lox", name: "Lox", price: 450 }] }] },
    { key: "croissant", number: 11, name: "Croissant", category: "bakery", price: 425, tax: "sales", left: "12" },
    { key: "muffin", number: 12, name: "Blueberry muffin", category: "bakery", price: 395, tax: "sales" },
    { key: "avocado-toast", number: 20, name: "Avocado toast", category: "plates", price: 1250, tax: "sales" },
    { key: "granola", number: 21, name: "Granola bowl", category: "plates", price: 1050, tax: "sales" },
    {
      key: "breakfast", number: 30, name: "Breakfast set", category: "sets", price: 1195, tax: "sales",
      combo: [
        { part: "coffee", name: "Coffee", choices: [{ dish: "drip" }, { dish: "flat-white", surcharge: 125 }, { dish: "cold-brew", surcharge: 150 }] },
        { part: "bakery", name: "Bakery", choices: [{ dish: "bagel" }, { dish: "croissant" }, { dish: "muffin" }] },
        { part: "plate", name: "Plate", choices: [{ dish: "granola" }, { dish: "avocado-toast", surcharge: 200 }] },
      ],
    },
    { key: "gift-card", number: 40, name: "Gift card", category: "sets", price: 2500, tax: "sales", kind: "stored-value", variants: [{ variant: "25", name: "$25", price: 2500 }, { variant: "50", name: "$50", price: 5000 }, { variant: "100", name: "$100", price: 10000 }] },
  ],
  people: [
    { key: "jess", name: "Jess", role: "Cashier", color: "#3867d6", pin: "1111", capabilities: [...CAPABILITIES.cashier, "kitchen.work"] },
    { key: "noah", name: "Noah", role: "Manager", color: "#8a3ffc", pin: "9999", capabilities: CAPABILITIES.manager },
  ],
};
