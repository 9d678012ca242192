import { CAPABILITIES, type Dish, type Place } from "./place.ts";

/** Rupiah in minor units: the stored exponent is ISO's 2, on the screen there are no decimals. */
const rp = (rupiah: number) => rupiah * 100;

const food = { tax: "pb1" } as const;
const spice: NonNullable<Dish["groups"]>[number] = {
  group: "spice",
  name: "Pedas",
  min: 1,
  max: 1,
  options: [
    { option: "none", name: "Tidak pedas" },
    { option: "medium", name: "Sedang", default: true },
    { option: "hot", name: "Pedas" },
  ],
};
const extras: NonNullable<Dish["groups"]>[number] = {
  group: "extras",
  name: "Tambahan",
  min: 0,
  max: 4,
  options: [
    { option: "egg", name: "Telur", price: rp(6_000) },
    { option: "crackers", name: "Kerupuk", price: rp(4_000), default: true, prefixes: ["no", "extra"] },
    { option: "satay", name: "Sate 2 tusuk", price: rp(14_000) },
  ],
};

const dishes: readonly Dish[] = [
  { ...food, key: "nasi-goreng", number: 1, name: "Nasi goreng", category: "makanan", price: rp(45_000), groups: [spice, extras], recipe: { rice: "200", egg: "1" } },
  { ...food, key: "mie-goreng", number: 2, name: "Mie goreng", category: "makanan", price: rp(42_000), groups: [spice, extras] },
  { ...food, key: "sate-ayam", number: 3, name: "Sate ayam", category: "makanan", price: rp(52_500), recipe: { chicken: "220" } },
  { ...food, key: "gado-gado", number: 4, name: "Gado-gado", category: "makanan", price: rp(38_500), groups: [extras] },
  { ...food, key: "rendang", number: 5, name: "Rendang sapi", category: "makanan", price: rp(68_000), left: "14" },
  { ...food, key: "soto-ayam", number: 6, name: "Soto ayam", category: "makanan", price: rp(39_900), recipe: { chicken: "120" } },
  { ...food, key: "nasi-putih", number: 7, name: "Nasi putih", category: "makanan", price: rp(9_500), recipe: { rice: "180" } },
  { ...food, key: "es-teh", number: 20, name: "Es teh manis", category: "minuman", price: rp(12_500) },
  { ...food, key: "es-jeruk", number: 21, name: "Es jeruk", category: "minuman", price: rp(18_000) },
  { ...food, key: "kopi-tubruk", number: 22, name: "Kopi tubruk", category: "minuman", price: rp(19_500), recipe: { coffee: "12" } },
  { ...food, key: "air-mineral", number: 23, name: "Air mineral", category: "minuman", price: rp(9_000) },
  { ...food, key: "pisang-goreng", number: 30, name: "Pisang goreng", category: "penutup", price: rp(24_000), course: 2 },
  { ...food, key: "es-cendol", number: 31, name: "Es cendol", category: "penutup", price: rp(22_500), course: 2 },
  {
    ...food,
    key: "paket-senja",
    number: 40,
    name: "Paket Senja",
    category: "paket",
    price: rp(65_000),
    combo: [
      { part: "main", name: "Makanan", choices: [{ dish: "nasi-goreng" }, { dish: "mie-goreng" }, { dish: "sate-ayam", surcharge: rp(7_500) }] },
      { part: "drink", name: "Minuman", choices: [{ dish: "es-teh" }, { dish: "es-jeruk", surcharge: rp(4_000) }] },
      { part: "sweet", name: "Penutup", choices: [{ dish: "pisang-goreng" }, { dish: "es-cendol" }] },
    ],
  },
  { tax: "pb1", key: "gift-card", number: 90, name: "Kartu hadiah", category: "paket", price: rp(100_000), kind: "stored-value", variants: [{ variant: "100", name: "100.000", price: rp(100_000) }, { variant: "250", name: "250.000", price: rp(250_000) }] },
];

/** Jakarta: service 5 %, restaurant tax (PB1) 10 % on top of both, rupiah without decimals on the screen, cash to the nearest 100. */
export const WARUNG_SENJA: Place = {
  key: "warung-senja",
  organizer: "PT Senja Rasa",
  profile: { name: "Warung Senja", currency: "IDR", displayDigits: 0, zone: "Asia/Jakarta", cutOver: "04:00", locale: "id-ID", address: ["Jl. Cikini Raya 21", "Jakarta Pusat 10330"] },
  policies: {
    taxes: [{ code: "pb1", name: "PB1", rate: "0.1", inclusive: false }],
    serviceCharge: { rate: "0.05", taxCode: "pb1", removable: false, beneficiary: "staff", serviceTypes: ["dine_in"] },
    rounding: { mode: "half-up", level: "check" },
    cashStep: 10_000,
    tips: { suggestions: [], afterAuthorisation: false, recipient: "pool" },
    taxOnSplit: "family",
  },
  happyHours: [{ rule: "senja", name: "Jam senja", days: [1, 2, 3, 4, 5], from: "15:00", to: "17:00", dishes: [], categories: ["minuman"], change: { kind: "percent-off", rate: "0.2" } }],
  stations: [
    { key: "dapur", name: "Dapur", kind: "prep" },
    { key: "minuman", name: "Minuman", kind: "prep" },
    { key: "pass", name: "Pass", kind: "pass" },
  ],
  printers: [{ name: "Warung", stations: ["dapur", "minuman"], receipts: true }],
  routes: { makanan: "dapur", penutup: "dapur", minuman: "minuman" },
  tables: [
    { name: "1", zone: "Teras", seats: 2, x: 0, y: 0, shape: "square" },
    { name: "2", zone: "Teras", seats: 4, x: 2, y: 0, shape: "square" },
    { name: "3", zone: "Teras", seats: 4, x: 4, y: 0, shape: "square" },
    { name: "4", zone: "Dalam", seats: 4, x: 0, y: 0, shape: "round" },
    { name: "5", zone: "Dalam", seats: 6, x: 2, y: 0, shape: "long" },
    { name: "6", zone: "Dalam", seats: 8, x: 0, y: 2, shape: "long" },
  ],
  categories: [
    { key: "makanan", name: "Makanan", color: "#b4512f" },
    { key: "minuman", name: "Minuman", color: "#2f8fb3" },
    { key: "penutup", name: "Penutup", color: "#a0629c" },
    { key: "paket", name: "Paket", color: "#5f8f3e" },
  ],
  ingredients: [
    { key: "rice", name: "Beras", unit: "g", lowBelow: "3000", onHand: "20000" },
    { key: "chicken", name: "Ayam", unit: "g", lowBelow: "2000", onHand: "9000" },
    { key: "egg", name: "Telur", unit: "piece", lowBelow: "30", onHand: "180" },
    { key: "coffee", name: "Kopi", unit: "g", lowBelow: "500", onHand: "2500" },
  ],
  dishes,
  people: [
    { key: "sari", name: "Sari", role: "Cashier", color: "#2f8f6b", pin: "1111", capabilities: [...CAPABILITIES.cashier, "kitchen.work"] },
    { key: "budi", name: "Budi", role: "Manager", color: "#8a3ffc", pin: "9999", capabilities: CAPABILITIES.manager },
  ],
};
