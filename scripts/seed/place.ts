import type { CommandInput } from "#shared/domain/registry.ts";
import type { Policies } from "#shared/events/commerce.ts";
import type { Capability } from "#shared/events/identity.ts";

/** Names inside a place's description; ids are derived from them, so that a second seed finds what the first has made. */
type Key = string;
type Product = CommandInput<"catalog.createProduct">;

export type Option = { readonly option: string; readonly name: string; readonly price?: number; readonly prefixes?: Product["modifierGroups"][number]["options"][number]["prefixes"]; readonly default?: boolean };
export type Group = { readonly group: string; readonly name: string; readonly min: number; readonly max: number; readonly free?: number; readonly options: readonly Option[] };
export type Variant = { readonly variant: string; readonly name: string; readonly price: number; readonly stockFactor?: string };

/** Money in minor units of the place's currency. */
export type Dish = {
  readonly key: Key;
  readonly number: number;
  readonly name: string;
  /** When the kitchen or the receipt says it otherwise. */
  readonly kitchen?: string;
  readonly receipt?: string;
  readonly category: Key;
  readonly price: number;
  readonly course?: number;
  readonly tax: string;
  readonly variants?: readonly Variant[];
  readonly groups?: readonly Group[];
  readonly recipe?: Readonly<Record<Key, string>>;
  /** Portions left, when they are counted. */
  readonly left?: string;
  /** A gift card. */
  readonly kind?: "stored-value";
  /** Sold as its parts: each is chosen once. */
  readonly combo?: readonly { readonly part: string; readonly name: string; readonly choices: readonly { readonly dish: Key; readonly variant?: string; readonly surcharge?: number }[] }[];
};

type PriceRule = CommandInput<"commerce.changePriceRules">["rules"][number];
export type HappyHour = Pick<PriceRule, "rule" | "name" | "days" | "from" | "to" | "change"> & { readonly dishes: readonly Key[]; readonly categories: readonly Key[] };

export type Place = {
  readonly key: Key;
  readonly organizer: string;
  readonly profile: CommandInput<"commerce.createMerchant">["profile"];
  readonly policies: Policies;
  readonly happyHours: readonly HappyHour[];
  readonly stations: readonly { readonly key: Key; readonly name: string; readonly kind: "prep" | "pass" }[];
  /** By the simulator's names. */
  readonly printers: readonly { readonly name: string; readonly stations: readonly Key[]; readonly receipts: boolean }[];
  /** Category to station; those of no station are ready at once. */
  readonly routes: Readonly<Record<Key, Key>>;
  readonly tables: readonly { readonly name: string; readonly zone: string; readonly seats: number; readonly x: number; readonly y: number; readonly shape: "round" | "square" | "long" }[];
  readonly categories: readonly { readonly key: Key; readonly name: string; readonly color: string }[];
  readonly ingredients: readonly { readonly key: Key; readonly name: string; readonly unit: "g" | "ml" | "piece"; readonly lowBelow: string; readonly onHand: string; readonly cost?: { readonly amount: number; readonly per: string } }[];
  readonly dishes: readonly Dish[];
  readonly people: readonly { readonly key: Key; readonly name: string; readonly role: string; readonly color: string; readonly pin: string; readonly capabilities: readonly Capability[] }[];
};

const WAITER: readonly Capability[] = ["floor.seat", "order.take", "order.void", "check.settle"];
const CASHIER: readonly Capability[] = [...WAITER, "drawer.operate"];
const MANAGER: readonly Capability[] = [...CASHIER, "approve.adjustments", "approve.payments", "approve.cash", "kitchen.work", "stock.count", "manage.view", "manage.settings", "guest.erase"];

/** In the demo whoever manages a place also operates the installation. */
export const CAPABILITIES = { waiter: WAITER, cook: ["kitchen.work", "stock.count"], cashier: CASHIER, manager: [...MANAGER, "operate.system"] } as const satisfies Record<string, readonly Capability[]>;
