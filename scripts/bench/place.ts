import { createTRPCClient, httpLink } from "@trpc/client";
import { decodeJwt } from "jose";
import superjson from "superjson";
import type { AppRouter } from "#hub/api/router.ts";
import { accessTokens } from "#hub/auth/access-token.ts";
import { createUlids } from "#hub/commands/ulids.ts";
import { operatorBearer } from "#hub/auth/operator-token.ts";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import { prefixed, type IdKind } from "#shared/ids.ts";
import type { Stack } from "../services/stack.ts";

/** As cheap as the hub's own: the load shares two cores with what it measures. */
export const ulid = createUlids(Date.now);
export const newId = (kind: IdKind) => prefixed(kind, ulid());

/** A restaurant with one waiter logged in on one tablet. */
export type BenchPlace = { readonly organizer: string; readonly merchant: string; readonly staff: string; readonly products: readonly string[]; readonly kitchen: string; readonly accessToken: string };
export const WAITER = { name: "Mai", pin: "1234" } as const;

export function apiOf(stack: { readonly url: string }, bearer: string) {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${stack.url}/trpc`, transformer: superjson, headers: { authorization: `Bearer ${bearer}` } })] });
}

function frame<Input>(input: Input): { commandId: string; input: Input } {
  return { commandId: ulid(), input };
}

function must<Result>(answer: CommandAnswer<Result>): Result {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.result;
}

/** Made by commands, like any other: a kitchen with two stations, ten products with recipes, a waiter. */
export async function makeBenchPlace(stack: Pick<Stack, "url" | "secret">, merchant = newId("merchant")): Promise<BenchPlace> {
  const organizer = newId("organizer");
  const api = apiOf(stack, operatorBearer(stack.secret, { organizer, merchant }));
  const [bar, kitchen] = [newId("station"), newId("station")];
  const category = newId("category");
  const ingredient = newId("ingredient");
  must(await api.commerce.createOrganizer.mutate(frame({ organizer, name: "Bench" })));
  must(
    await api.commerce.createMerchant.mutate(
      frame({
        merchant,
        profile: { name: "Bench", currency: "EUR", displayDigits: 2, zone: "Europe/Rome", cutOver: "04:00", locale: "en-GB", address: [] },
        policies: { taxes: [{ code: "std", name: "VAT", rate: "0.1", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up" as const, level: "check" as const }, cashStep: 1 },
      }),
    ),
  );
  must(await api.commerce.addStation.mutate(frame({ station: bar, name: "Bar", kind: "prep" as const })));
  must(await api.commerce.addStation.mutate(frame({ station: kitchen, name: "Kitchen", kind: "prep" as const })));
  must(await api.commerce.changeRoutes.mutate(frame({ was: [], rules: [{ category, stations: [kitchen] }] })));
  must(await api.catalog.createCategory.mutate(frame({ category, name: "Food", color: "#112233", sort: 0 })));
  must(await api.catalog.createIngredient.mutate(frame({ ingredient, name: "Flour", unit: "g" as const, lowBelow: "1000" })));
  must(await api.stock.countIngredient.mutate(frame({ ingredient, quantity: "9000000", reason: "opening" })));
  const products: string[] = [];
  for (let i = 0; i < 10; i++) {
    const product = newId("product");
    const name = `Dish ${i}`;
    must(
      await api.catalog.createProduct.mutate(
        frame({ product, names: { button: name, kitchen: name, receipt: name }, category, number: i + 1, price: { amount: "1250", currency: "EUR" }, variants: [], modifierGroups: [], taxCode: "std", course: 1, recipe: [{ ingredient, quantity: "120" }], active: true }),
      ),
    );
    products.push(product);
  }
  const staff = newId("staff");
  must(await api.identity.createStaff.mutate(frame({ staff, name: WAITER.name, color: "#112233", work: [{ merchant, capabilities: ["floor.seat", "order.take", "order.void", "check.settle", "drawer.operate"] }] })));
  await api.auth.setPin.mutate({ staff, pin: WAITER.pin });
  const place = { organizer, merchant, staff, products, kitchen };
  return { ...place, accessToken: await loginOnAnotherTablet(stack, place, "Tablet") };
}

/** Pairs a tablet and logs the waiter in on it; answers the access token. */
export async function loginOnAnotherTablet(stack: Pick<Stack, "url" | "secret">, { organizer, merchant, staff }: Pick<BenchPlace, "organizer" | "merchant" | "staff">, name: string): Promise<string> {
  const { code } = await apiOf(stack, operatorBearer(stack.secret, { organizer, merchant })).auth.createPairingCode.mutate({ name, kind: "pos", station: null });
  const { deviceToken } = await apiOf(stack, "none").auth.pair.mutate({ code });
  const { accessToken } = await apiOf(stack, deviceToken).auth.login.mutate({ staff, pin: WAITER.pin });
  return accessToken;
}

/** A token lives for ten minutes, its session for a shift: another one of the same. */
export async function renewed(stack: Pick<Stack, "secret">, { organizer, merchant }: Pick<BenchPlace, "organizer" | "merchant">, accessToken: string): Promise<string> {
  const session = decodeJwt(accessToken).sub ?? "";
  return (await accessTokens(stack.secret).issue({ session, organizer, merchant }, Date.now())).token;
}

/** Pairs the kitchen's screen, which logs in by itself; answers the access token. */
export async function pairKitchenScreen(stack: Pick<Stack, "url" | "secret">, place: BenchPlace): Promise<string> {
  const { code } = await apiOf(stack, operatorBearer(stack.secret, place)).auth.createPairingCode.mutate({ name: "Kitchen", kind: "kds", station: place.kitchen });
  const { deviceToken } = await apiOf(stack, "none").auth.pair.mutate({ code });
  const { accessToken } = await apiOf(stack, deviceToken).auth.deviceLogin.mutate();
  return accessToken;
}

/** A printer at which the kitchen's tickets come out. */
export async function addKitchenPrinter(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, at: { readonly host: string; readonly port: number }): Promise<void> {
  const api = apiOf(stack, operatorBearer(stack.secret, place));
  must(await api.commerce.addPrinter.mutate(frame({ printer: newId("printer"), name: "Kitchen", ...at, profile: "epson-tm-t88v", stations: [place.kitchen], receipts: false })));
}
