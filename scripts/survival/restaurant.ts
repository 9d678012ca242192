import { operatorBearer } from "#hub/auth/operator-token.ts";
import { apiOf } from "../bench/place.ts";
import { BLUE_DOOR_CAFE } from "../seed/blue-door-cafe.ts";
import { seedClient } from "../seed/client.ts";
import { seedId } from "../seed/ids.ts";
import type { Dish, Place } from "../seed/place.ts";
import { seedPlace, type PrinterAddress } from "../seed/seed-place.ts";
import { TRATTORIA_NOVE } from "../seed/trattoria-nove.ts";
import type { Stack } from "../services/stack.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import type { PaymentProvider } from "#shared/events/payment.ts";
import { newId } from "../../clients/kit/ids.ts";
import { openDevice, type Device, type DeviceOptions } from "./device.ts";

/** One line as a waiter taps it, without its id. */
export type MenuLine = Omit<CommandInput<"order.addItems">["items"][number], "item">;

/** One of the demo's places with its people at work. */
export type Restaurant = {
  readonly place: Place;
  readonly merchant: string;
  readonly menu: readonly MenuLine[];
  readonly tables: readonly string[];
  readonly drawer: string;
  /** Those that waiters work with. */
  readonly tablets: readonly Device[];
  readonly kitchen: Device;
  /** Payment providers that cards and telephones are charged by; none, and guests pay in cash. */
  readonly providers: readonly string[];
  /** Sees everything, opens the drawer, and gives money back. */
  readonly manager: Device;
  /** All of them, those opened later included. */
  devices(): readonly Device[];
  /** Another tablet, that no load uses. */
  openTablet(name: string, options?: Pick<DeviceOptions, "callUrl">): Promise<Device>;
};

/** Two places of two businesses, in two currencies, on shards of their own. */
const PLACES: readonly { readonly place: Place; readonly tablets: number }[] = [
  { place: TRATTORIA_NOVE, tablets: 4 },
  { place: BLUE_DOOR_CAFE, tablets: 2 },
];

export const PRINTERS: readonly string[] = PLACES.flatMap(({ place }) => place.printers.map(({ name }) => name));

export async function openRestaurants(stack: Pick<Stack, "url" | "secret">, printers: readonly PrinterAddress[], providers: readonly PaymentProvider[] = []): Promise<readonly Restaurant[]> {
  const opened: Restaurant[] = [];
  // One after the other: a hub that is asked for many pairings at once from one address slows them down.
  for (const { place, tablets } of PLACES) opened.push(await openRestaurant(stack, place, tablets, printers, providers));
  return opened;
}

async function openRestaurant(stack: Pick<Stack, "url" | "secret">, place: Place, count: number, printers: readonly PrinterAddress[], providers: readonly PaymentProvider[]): Promise<Restaurant> {
  const tenant = { organizer: seedId("organizer", place.key, "organizer"), merchant: seedId("merchant", place.key, "merchant") };
  const client = seedClient(stack.url, stack.secret, tenant);
  await seedPlace(place, printers, { ...client, withPin: async () => new Set<string>() }, providers);
  const operator = apiOf(stack, operatorBearer(stack.secret, tenant));

  const devices: Device[] = [];
  const open = async (name: string, kind: "pos" | "kds", person: Place["people"][number] | undefined, options: Pick<DeviceOptions, "callUrl"> = {}) => {
    const { code } = await operator.auth.createPairingCode.mutate({ name, kind, station: null });
    const login = person === undefined ? {} : { person: { staff: seedId("staff", place.key, person.key), pin: person.pin } };
    const device = await openDevice({ name: `${place.key} ${name}`, hubUrl: stack.url, pairingCode: code, ...login, ...options });
    devices.push(device);
    return device;
  };
  const waiters = place.people.filter(({ capabilities }) => capabilities.includes("check.settle"));
  const openTablet = (name: string, options?: Pick<DeviceOptions, "callUrl">) => open(name, "pos", waiters[0], options);
  const manager = await open("manager", "pos", place.people.find(({ capabilities }) => capabilities.includes("manage.view")));
  const kitchen = await open("kitchen", "kds", undefined);
  const tablets: Device[] = [];
  for (let i = 0; i < count; i++) tablets.push(await open(`tablet ${i + 1}`, "pos", waiters[i % waiters.length]));

  const drawer = newId("drawer");
  const float = { amount: "20000", currency: place.profile.currency };
  const answer = await manager.send("drawer.open", { drawer, name: "Till", float });
  if (!answer.ok) throw new Error(`the drawer did not open: ${JSON.stringify(answer.refusal)}`);
  const tables = place.tables.map(({ name }) => seedId("table", place.key, name));
  // One line each: a combo is many lines, and a gift card is never two.
  const menu = place.dishes.filter(({ combo, kind }) => combo === undefined && kind === undefined).flatMap((dish) => [plain(place, dish), ofAllKinds(place, dish)]);
  return { place, merchant: tenant.merchant, menu, tables, drawer, providers: providers.map(({ provider }) => provider), tablets, kitchen, manager, devices: () => devices, openTablet };
}

/** The least that has to be chosen. */
function plain(place: Place, dish: Dish): MenuLine {
  const forced = (dish.groups ?? []).flatMap(({ group, min, options }) => options.slice(0, min).map(({ option }) => ({ group, option })));
  return { product: seedId("product", place.key, dish.key), variant: dish.variants?.[0]?.variant ?? null, modifiers: forced };
}

/** The last of every choice, whether or not one has to be made, with words for the cook. */
function ofAllKinds(place: Place, dish: Dish): MenuLine {
  const chosen = (dish.groups ?? []).flatMap(({ group, min, options }) => options.slice(-Math.max(1, min)).map(({ option }) => ({ group, option })));
  return { product: seedId("product", place.key, dish.key), variant: dish.variants?.at(-1)?.variant ?? null, modifiers: chosen, notes: "Cut in half", allergy: ["Nuts"] };
}

export function devicesOf(restaurants: readonly Restaurant[]): readonly Device[] {
  return restaurants.flatMap(({ devices }) => devices());
}
