import { CAPABILITIES, type Dish, type Group, type Place } from "./place.ts";

const coffeeExtras: Group = {
  group: "extras",
  name: "Extras",
  min: 0,
  max: 4,
  options: [
    { option: "shot", name: "Shot", price: 80, prefixes: ["extra"] },
    { option: "vanilla", name: "Vanilla syrup", price: 50 },
    { option: "decaf", name: "Decaf" },
  ],
};
const milk: Group = {
  group: "milk",
  name: "Milk",
  min: 0,
  max: 1,
  options: [
    { option: "whole", name: "Whole milk", default: true, prefixes: ["no", "extra", "light"] },
    { option: "oat", name: "Oat milk", price: 40 },
    { option: "soy", name: "Soy milk", price: 40 },
  ],
};
const doneness: Group = {
  group: "doneness",
  name: "Doneness",
  min: 1,
  max: 1,
  options: [
    { option: "rare", name: "Rare" },
    { option: "medium", name: "Medium" },
    { option: "well", name: "Well done" },
  ],
};
const burgerToppings: Group = {
  group: "toppings",
  name: "Toppings",
  min: 0,
  max: 8,
  options: [
    { option: "onions", name: "Onions", default: true, prefixes: ["no", "extra", "light", "side"] },
    { option: "pickles", name: "Pickles", default: true, prefixes: ["no", "extra", "side"] },
    { option: "tomato", name: "Tomato", default: true, prefixes: ["no", "extra"] },
    { option: "bacon", name: "Bacon", price: 200, prefixes: ["extra"] },
    { option: "cheddar", name: "Cheddar", price: 150, prefixes: ["extra"] },
  ],
};
const burgerSide: Group = {
  group: "side",
  name: "Side",
  min: 0,
  max: 1,
  options: [
    { option: "fries", name: "Fries", default: true },
    { option: "salad", name: "Green salad" },
    { option: "sweet-potato", name: "Sweet potato fries", price: 150 },
  ],
};
const phoGarnish: Group = {
  group: "garnish",
  name: "Garnish",
  min: 0,
  max: 5,
  options: [
    { option: "coriander", name: "Coriander", default: true, prefixes: ["no", "extra", "side"] },
    { option: "chilli", name: "Chilli", default: true, prefixes: ["no", "extra", "side"] },
    { option: "lime", name: "Lime", default: true, prefixes: ["no", "extra"] },
    { option: "egg", name: "Poached egg", price: 150 },
  ],
};
const steakSauce: Group = {
  group: "sauce",
  name: "Sauce",
  min: 0,
  max: 2,
  options: [
    { option: "pepper", name: "Pepper sauce", price: 200, prefixes: ["side"] },
    { option: "chimichurri", name: "Chimichurri", price: 200, prefixes: ["side"] },
  ],
};
const pastaExtras: Group = {
  group: "extras",
  name: "Extras",
  min: 0,
  max: 3,
  options: [
    { option: "parmesan", name: "Parmesan", default: true, prefixes: ["no", "extra", "side"] },
    { option: "gluten-free", name: "Gluten-free pasta", price: 150 },
    { option: "chilli", name: "Chilli", prefixes: ["extra", "light"] },
  ],
};
const glasses = (glass: number, bottle: number): NonNullable<Dish["variants"]> => [
  { variant: "glass", name: "Glass", price: glass, stockFactor: "0.2" },
  { variant: "bottle", name: "Bottle", price: bottle },
];

const food = { tax: "food" } as const;
const drinks = { tax: "drinks" } as const;

const dishes: readonly Dish[] = [
  { ...drinks, key: "espresso", number: 1, name: "Espresso", category: "coffee", price: 220, groups: [coffeeExtras], recipe: { beans: "9" } },
  { ...drinks, key: "cappuccino", number: 2, name: "Cappuccino", category: "coffee", price: 340, groups: [milk, coffeeExtras], recipe: { beans: "9", milk: "150" } },
  {
    ...drinks,
    key: "latte",
    number: 3,
    name: "Latte",
    category: "coffee",
    price: 380,
    variants: [
      { variant: "small", name: "Small", price: 380 },
      { variant: "large", name: "Large", price: 450, stockFactor: "1.5" },
    ],
    groups: [milk, coffeeExtras],
    recipe: { beans: "9", milk: "220" },
  },
  { ...drinks, key: "tea", number: 4, name: "Tea", category: "coffee", price: 320, groups: [{ group: "kind", name: "Kind", min: 1, max: 1, options: [{ option: "black", name: "Black" }, { option: "green", name: "Green" }, { option: "mint", name: "Fresh mint" }] }] },
  { ...drinks, key: "water-still", number: 10, name: "Still water", category: "soft", price: 350, recipe: { water: "1" } },
  { ...drinks, key: "water-sparkling", number: 11, name: "Sparkling water", category: "soft", price: 350, recipe: { water: "1" } },
  { ...drinks, key: "cola", number: 12, name: "Cola", category: "soft", price: 380, recipe: { cola: "1" } },
  { ...drinks, key: "lemonade", number: 13, name: "House lemonade", category: "soft", price: 450, groups: [{ group: "ice", name: "Ice", min: 0, max: 1, options: [{ option: "ice", name: "Ice", default: true, prefixes: ["no", "light"] }] }], recipe: { lemons: "1" } },
  { ...drinks, key: "orange-juice", number: 14, name: "Orange juice", category: "soft", price: 480 },
  { ...drinks, key: "lager", number: 20, name: "Lager 0.4", category: "beer", price: 520, recipe: { lager: "400" } },
  { ...drinks, key: "ipa", number: 21, name: "IPA 0.33", category: "beer", price: 590 },
  { ...drinks, key: "beer-free", number: 22, name: "Alcohol-free beer", category: "beer", price: 450 },
  { ...drinks, key: "house-red", number: 30, name: "House red", category: "wine", price: 550, variants: glasses(550, 2400), recipe: { "red-wine": "750" } },
  { ...drinks, key: "house-white", number: 31, name: "House white", category: "wine", price: 550, variants: glasses(550, 2400), recipe: { "white-wine": "750" } },
  { ...drinks, key: "barolo", number: 32, name: "Barolo 2021", category: "wine", price: 1150, variants: glasses(1150, 5600), left: "6" },
  { ...drinks, key: "prosecco", number: 33, name: "Prosecco", category: "wine", price: 620, variants: glasses(620, 2900) },
  { ...drinks, key: "spritz", number: 34, name: "Spritz", category: "wine", price: 750 },
  { ...food, key: "bruschetta", number: 40, name: "Bruschetta", category: "starters", price: 690, course: 1, recipe: { bread: "2", tomatoes: "120" } },
  { ...food, key: "burrata", number: 41, name: "Burrata", category: "starters", price: 1150, course: 1, recipe: { burrata: "1" }, left: "8" },
  { ...food, key: "spring-rolls", number: 42, name: "Gỏi cuốn", kitchen: "Gỏi cuốn", receipt: "Summer rolls", category: "starters", price: 850, course: 1 },
  { ...food, key: "soup", number: 43, name: "Soup of the day", category: "starters", price: 720, course: 1 },
  { ...food, key: "burger", number: 50, name: "Burger", category: "grill", price: 1490, groups: [doneness, burgerToppings, burgerSide], recipe: { beef: "180", bun: "1" } },
  { ...food, key: "steak", number: 51, name: "Ribeye 300 g", category: "grill", price: 2950, groups: [doneness, steakSauce], recipe: { beef: "300" } },
  { ...food, key: "chicken", number: 52, name: "Grilled chicken", category: "grill", price: 1690, groups: [burgerSide] },
  { ...food, key: "sea-bass", number: 53, name: "Sea bass", category: "grill", price: 2450, recipe: { "sea-bass": "1" }, left: "3" },
  { ...food, key: "pho", number: 60, name: "Phở bò", kitchen: "Phở bò", receipt: "Pho bo", category: "kitchen", price: 1390, groups: [phoGarnish], recipe: { noodles: "180", beef: "100" } },
  { ...food, key: "carbonara", number: 61, name: "Carbonara", category: "kitchen", price: 1350, groups: [pastaExtras], recipe: { pasta: "120", eggs: "2" } },
  { ...food, key: "pomodoro", number: 62, name: "Pomodoro", category: "kitchen", price: 1150, groups: [pastaExtras], recipe: { pasta: "120", tomatoes: "150" } },
  { ...food, key: "lasagne", number: 63, name: "Lasagne", category: "kitchen", price: 1450 },
  { ...food, key: "risotto", number: 64, name: "Mushroom risotto", category: "kitchen", price: 1590 },
  { ...food, key: "tiramisu", number: 70, name: "Tiramisù", kitchen: "Tiramisù", category: "desserts", price: 750, course: 2, recipe: { mascarpone: "80", eggs: "1" } },
  { ...food, key: "panna-cotta", number: 71, name: "Panna cotta", category: "desserts", price: 690, course: 2 },
  { ...food, key: "gelato", number: 72, name: "Gelato", category: "desserts", price: 280, course: 2, groups: [{ group: "flavours", name: "Flavours", min: 1, max: 3, free: 1, options: [{ option: "pistachio", name: "Pistachio", price: 280 }, { option: "chocolate", name: "Chocolate", price: 280 }, { option: "lemon", name: "Lemon", price: 280 }] }] },
  { ...food, key: "kids-pasta", number: 80, name: "Kids' pasta", category: "kids", price: 790 },
  { ...food, key: "kids-burger", number: 81, name: "Kids' burger", category: "kids", price: 890, recipe: { beef: "90", bun: "1" } },
  { ...food, key: "kids-nuggets", number: 82, name: "Chicken nuggets", category: "kids", price: 850 },
  {
    ...food, key: "lunch-menu", number: 90, name: "Lunch menu", category: "menus", price: 1990,
    combo: [
      { part: "main", name: "Main", choices: [{ dish: "carbonara" }, { dish: "pomodoro" }, { dish: "pho" }, { dish: "burger", surcharge: 200 }] },
      { part: "drink", name: "Drink", choices: [{ dish: "water-still" }, { dish: "water-sparkling" }, { dish: "cola" }, { dish: "house-red", variant: "glass", surcharge: 150 }] },
      { part: "dessert", name: "Dessert", choices: [{ dish: "panna-cotta" }, { dish: "tiramisu" }] },
    ],
  },
  { ...food, key: "gift-card", number: 95, name: "Gift card", category: "menus", price: 2500, kind: "stored-value", variants: [{ variant: "25", name: "25", price: 2500 }, { variant: "50", name: "50", price: 5000 }, { variant: "100", name: "100", price: 10_000 }] },
];

const room = (x: number, y: number, seats: number, shape: "round" | "square" | "long") => ({ zone: "Room", x, y, seats, shape });
const terrace = (x: number, y: number, seats: number, shape: "round" | "square") => ({ zone: "Terrace", x, y, seats, shape });

export const TRATTORIA_NOVE: Place = {
  key: "trattoria-nove",
  organizer: "Nove Hospitality",
  profile: { name: "Trattoria Nove", currency: "EUR", displayDigits: 2, zone: "Europe/Rome", cutOver: "04:00", locale: "en-GB", address: ["Via dei Mille 9", "00185 Roma"] },
  policies: {
    taxes: [
      { code: "food", name: "VAT", rate: "0.1", inclusive: true },
      // A drink that is served is taxed as the meal; one that is carried away is goods.
      { code: "drinks", name: "VAT", rate: "0.22", inclusive: true, serviceTypes: ["takeaway", "delivery"] },
      { code: "drinks", name: "VAT", rate: "0.1", inclusive: true },
    ],
    serviceCharge: { rate: "0.1", taxCode: "food", removable: true, beneficiary: "house", serviceTypes: ["dine_in"] },
    rounding: { mode: "half-up", level: "check" },
    cashStep: 5,
    tips: { suggestions: ["0.05", "0.1"], afterAuthorisation: false, recipient: "server" },
    taxOnSplit: "family",
  },
  happyHours: [{ rule: "aperitivo", name: "Aperitivo", days: [1, 2, 3, 4, 5, 6, 7], from: "17:00", to: "19:00", dishes: ["spritz", "prosecco"], categories: [], change: { kind: "percent-off", rate: "0.3" } }],
  stations: [
    { key: "bar", name: "Bar", kind: "prep" },
    { key: "grill", name: "Grill", kind: "prep" },
    { key: "kitchen", name: "Kitchen", kind: "prep" },
    { key: "pass", name: "Pass", kind: "pass" },
  ],
  printers: [
    { name: "Bar", stations: ["bar"], receipts: false },
    { name: "Grill", stations: ["grill"], receipts: false },
    { name: "Kitchen", stations: ["kitchen"], receipts: false },
    { name: "Receipts", stations: [], receipts: true },
  ],
  routes: { coffee: "bar", soft: "bar", beer: "bar", wine: "bar", starters: "kitchen", grill: "grill", kitchen: "kitchen", desserts: "kitchen", kids: "kitchen" },
  tables: [
    { name: "1", ...room(0, 0, 2, "round") },
    { name: "2", ...room(2, 0, 2, "round") },
    { name: "3", ...room(4, 0, 2, "round") },
    { name: "4", ...room(6, 0, 4, "square") },
    { name: "5", ...room(8, 0, 4, "square") },
    { name: "6", ...room(0, 2, 4, "square") },
    { name: "7", ...room(2, 2, 4, "square") },
    { name: "8", ...room(4, 2, 4, "square") },
    { name: "9", ...room(6, 2, 6, "long") },
    { name: "10", ...room(0, 4, 6, "long") },
    { name: "11", ...room(3, 4, 8, "long") },
    { name: "12", ...room(6, 4, 4, "round") },
    { name: "13", ...room(8, 4, 4, "round") },
    { name: "14", ...room(8, 2, 10, "long") },
    { name: "B1", ...room(0, 6, 1, "round") },
    { name: "B2", ...room(1, 6, 1, "round") },
    { name: "B3", ...room(2, 6, 1, "round") },
    { name: "B4", ...room(3, 6, 1, "round") },
    { name: "T1", ...terrace(0, 0, 2, "round") },
    { name: "T2", ...terrace(2, 0, 2, "round") },
    { name: "T3", ...terrace(4, 0, 4, "square") },
    { name: "T4", ...terrace(6, 0, 4, "square") },
    { name: "T5", ...terrace(0, 2, 4, "square") },
    { name: "T6", ...terrace(2, 2, 4, "square") },
    { name: "T7", ...terrace(4, 2, 6, "square") },
    { name: "T8", ...terrace(6, 2, 6, "square") },
  ],
  categories: [
    { key: "coffee", name: "Coffee", color: "#8d6748" },
    { key: "soft", name: "Soft drinks", color: "#2f8fb3" },
    { key: "beer", name: "Beer", color: "#c9962c" },
    { key: "wine", name: "Wine", color: "#93334a" },
    { key: "starters", name: "Starters", color: "#5f8f3e" },
    { key: "grill", name: "Grill", color: "#b4512f" },
    { key: "kitchen", name: "Kitchen", color: "#d0782e" },
    { key: "desserts", name: "Desserts", color: "#a0629c" },
    { key: "kids", name: "Kids", color: "#4a7fc1" },
    { key: "menus", name: "Menus & gifts", color: "#7a5aa6" },
  ],
  ingredients: [
    { key: "beans", name: "Coffee beans", unit: "g", lowBelow: "500", onHand: "4000", cost: { amount: 1900, per: "1000" } },
    { key: "milk", name: "Milk", unit: "ml", lowBelow: "3000", onHand: "18000", cost: { amount: 110, per: "1000" } },
    { key: "water", name: "Bottled water", unit: "piece", lowBelow: "24", onHand: "120", cost: { amount: 42, per: "1" } },
    { key: "cola", name: "Cola", unit: "piece", lowBelow: "24", onHand: "96", cost: { amount: 65, per: "1" } },
    { key: "lemons", name: "Lemons", unit: "piece", lowBelow: "20", onHand: "60", cost: { amount: 30, per: "1" } },
    { key: "lager", name: "Lager keg", unit: "ml", lowBelow: "10000", onHand: "60000", cost: { amount: 290, per: "1000" } },
    { key: "red-wine", name: "House red", unit: "ml", lowBelow: "3000", onHand: "18000", cost: { amount: 520, per: "1000" } },
    { key: "white-wine", name: "House white", unit: "ml", lowBelow: "3000", onHand: "18000", cost: { amount: 480, per: "1000" } },
    { key: "bread", name: "Bread slices", unit: "piece", lowBelow: "30", onHand: "120", cost: { amount: 18, per: "1" } },
    { key: "tomatoes", name: "Tomatoes", unit: "g", lowBelow: "2000", onHand: "9000", cost: { amount: 240, per: "1000" } },
    { key: "burrata", name: "Burrata", unit: "piece", lowBelow: "4", onHand: "8", cost: { amount: 310, per: "1" } },
    { key: "beef", name: "Beef", unit: "g", lowBelow: "3000", onHand: "14000", cost: { amount: 1450, per: "1000" } },
    { key: "bun", name: "Burger buns", unit: "piece", lowBelow: "24", onHand: "15", cost: { amount: 45, per: "1" } },
    { key: "sea-bass", name: "Sea bass", unit: "piece", lowBelow: "2", onHand: "3", cost: { amount: 780, per: "1" } },
    { key: "noodles", name: "Rice noodles", unit: "g", lowBelow: "2000", onHand: "8000", cost: { amount: 310, per: "1000" } },
    { key: "pasta", name: "Pasta", unit: "g", lowBelow: "3000", onHand: "15000", cost: { amount: 220, per: "1000" } },
    { key: "eggs", name: "Eggs", unit: "piece", lowBelow: "30", onHand: "180", cost: { amount: 28, per: "1" } },
    { key: "mascarpone", name: "Mascarpone", unit: "g", lowBelow: "800", onHand: "3000", cost: { amount: 760, per: "1000" } },
  ],
  dishes,
  people: [
    { key: "mai", name: "Mai", role: "Waiter", color: "#2f8f6b", pin: "1111", capabilities: CAPABILITIES.waiter },
    { key: "luca", name: "Luca", role: "Waiter", color: "#3867d6", pin: "2222", capabilities: CAPABILITIES.waiter },
    { key: "ana", name: "Ana", role: "Cashier", color: "#b0579a", pin: "3333", capabilities: CAPABILITIES.cashier },
    { key: "omar", name: "Omar", role: "Cook", color: "#c26a2d", pin: "4444", capabilities: CAPABILITIES.cook },
    { key: "sofia", name: "Sofia", role: "Manager", color: "#8a3ffc", pin: "9999", capabilities: CAPABILITIES.manager },
  ],
};
