import { createTRPCClient, httpLink, TRPCClientError, type TRPCClient } from "@trpc/client";
import { pino, type Logger } from "pino";
import superjson from "superjson";
import { ulid } from "ulidx";
import type { AppRouter } from "#hub/api/router.ts";
import { operatorBearer } from "#hub/auth/operator-token.ts";
import { readConfig } from "#hub/config.ts";
import { startHub, type RunningHub } from "#hub/start-hub.ts";
import type { DeviceKind } from "#hub/auth/devices.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import { prefixed, type IdKind } from "#shared/ids.ts";
import { testDatabase, testRedis, type TestDatabase } from "#scripts/testing/services.ts";

export const SECRET = "a-secret-of-tests-that-is-long-enough";
export type Api = TRPCClient<AppRouter>;
export const newId = (kind: IdKind) => prefixed(kind, ulid());

export type HubFixture = {
  readonly hub: RunningHub;
  readonly url: string;
  readonly database: TestDatabase;
  /** With a token or without one. */
  api(bearer?: string): Api;
  stop(): Promise<void>;
};

/** A test's device stands for a crowd; those that are about the pace set it. */
export const UNBOUNDED = { DEVICE_CALLS_PER_SECOND: "0", MERCHANT_CALLS_PER_SECOND: "0" } as const;

/** A hub of its own on a database of its own, in this process; a second hub of the same place shares the database. */
export async function startTestHub(given: { readonly database?: TestDatabase; readonly demo?: boolean; readonly settings?: Readonly<Record<string, string>>; readonly logger?: Logger } = {}): Promise<HubFixture> {
  const database = given.database ?? (await testDatabase());
  const read = readConfig({
    HUB_DATABASE_URL: database.hubUrl,
    CONSUMER_DATABASE_URL: database.consumerUrl,
    REDIS_URL: testRedis().url,
    COMANDA_SECRET: SECRET,
    COMANDA_DEMO: given.demo === true ? "1" : "0",
    ...UNBOUNDED,
    PORT: "0",
    HOST: "127.0.0.1",
    ...given.settings,
  });
  if ("wrong" in read) throw new Error(read.wrong.join("\n"));
  const hub = await startHub(read.config, given.logger ?? pino({ level: process.env["LOG_LEVEL"] ?? "error" }, pino.destination(2)));
  if ("refused" in hub) throw new Error(hub.refused);
  const url = `http://127.0.0.1:${hub.port}`;
  return {
    hub,
    url,
    database,
    api: (bearer) => createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } })] }),
    async stop() {
      await hub.stop();
      if (given.database === undefined) await database.drop();
    },
  };
}

/** A command's frame with an id of its own. */
export function frame<Input>(input: Input): { commandId: string; input: Input } {
  return { commandId: ulid(), input };
}

/** The result of a command that must not be refused. */
export function result<Result>(answer: CommandAnswer<Result>): Result {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.result;
}

/** The error of a call that must fail, as the client sees it. */
export async function failure(call: Promise<unknown>): Promise<{ code: string; refused?: string; fields?: readonly { path: string; rule: string }[]; [field: string]: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof TRPCClientError && error.data) return error.data as Awaited<ReturnType<typeof failure>>;
    throw error;
  }
  throw new Error("the call did not fail");
}

/** For set-ups, where vitest's own polling is not to be had. */
export async function until(what: string, holds: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 50))) if (await holds()) return;
  throw new Error(`${what} did not happen within ${withinMs} ms`);
}

export const ALL: readonly Capability[] = ["floor.seat", "order.take", "order.void", "check.settle", "drawer.operate", "approve.adjustments", "approve.payments", "approve.cash", "kitchen.work", "stock.count", "manage.view", "manage.settings", "guest.erase"];

export type TestPlace = Awaited<ReturnType<typeof makePlace>>;

/** A merchant with a station, three tables and three products, made by commands. */
export async function makePlace(fixture: HubFixture, currency = "EUR", called = "Test") {
  const organizer = newId("organizer");
  const merchant = newId("merchant");
  const operator = fixture.api(operatorBearer(SECRET, { organizer, merchant }));
  const tables = [newId("table"), newId("table"), newId("table")] as const;
  const station = newId("station");
  const category = newId("category");
  const products = { latte: newId("product"), burger: newId("product"), bass: newId("product") };
  const price = (amount: string) => ({ amount, currency });
  result(await operator.commerce.createOrganizer.mutate(frame({ organizer, name: called })));
  result(
    await operator.commerce.createMerchant.mutate(
      frame({
        merchant,
        profile: { name: `${called} place`, currency, displayDigits: 2, zone: "Europe/Rome", cutOver: "04:00", locale: "en-GB", address: [] },
        policies: { taxes: [{ code: "all", name: "VAT", rate: "0.1", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up" as const, level: "check" as const }, cashStep: 1 },
      }),
    ),
  );
  result(await operator.commerce.addStation.mutate(frame({ station, name: called === "Test" ? "Kitchen" : called, kind: "prep" as const })));
  for (const [i, table] of tables.entries()) {
    result(await operator.commerce.addTable.mutate(frame({ table, name: String(i + 1), zone: "Room", seats: 4, x: i, y: 0, shape: "square" as const })));
  }
  result(await operator.catalog.createCategory.mutate(frame({ category, name: called === "Test" ? "All" : called, color: "#112233", sort: 0 })));
  for (const [i, [name, product]] of Object.entries(products).entries()) {
    const shown = called === "Test" ? name : `${called} ${name}`;
    const names = { button: shown, kitchen: shown, receipt: shown };
    result(await operator.catalog.createProduct.mutate(frame({ product, names, category, number: i + 1, price: price("450"), variants: [], modifierGroups: [], taxCode: "all", course: 1, recipe: [], active: true })));
  }
  result(await operator.commerce.changeRoutes.mutate(frame({ was: [], rules: [{ category, stations: [station] }] })));

  const device = async (kind: DeviceKind, deviceStation: string | null = null) => {
    const { code } = await operator.auth.createPairingCode.mutate({ name: `${called} ${kind}`, kind, station: deviceStation });
    return fixture.api().auth.pair.mutate({ code });
  };
  const person = async (name: string, pin: string, capabilities: readonly Capability[] = ALL) => {
    const staff = newId("staff");
    result(await operator.identity.createStaff.mutate(frame({ staff, name, color: "#112233", work: [{ merchant, capabilities: [...capabilities] }] })));
    await operator.auth.setPin.mutate({ staff, pin });
    return staff;
  };
  /** A person on a device of their own, logged in. */
  const login = async (name: string, capabilities: readonly Capability[] = ALL) => {
    const [paired, staff] = await Promise.all([device("pos"), person(name, "1234", capabilities)]);
    const tokens = await fixture.api(paired.deviceToken).auth.login.mutate({ staff, pin: "1234" });
    return { api: fixture.api(tokens.accessToken), staff, paired, tokens, onDevice: fixture.api(paired.deviceToken) };
  };
  return { organizer, merchant, operator, tables, station, category, products, device, person, login };
}
