import postgres, { type Sql } from "postgres";
import { startTestSimulator, type TestSimulator } from "#scripts/payment-simulator/testing.ts";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { startHubProcess } from "#hub/testing/hub-process.ts";
import { frame, makePlace, newId, result, startTestHub, until, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import type { EventType } from "#shared/events/catalog.ts";

export const WEBHOOK_SECRET = `whsec_${Buffer.from("the terminal's webhook key").toString("base64")}`;
const API_KEY = "a-key-of-the-simulator";
export const eur = (amount: number) => ({ amount: String(amount), currency: "EUR" });

export type PayingPlace = {
  readonly fixture: HubFixture;
  readonly place: TestPlace;
  readonly simulator: TestSimulator;
  readonly admin: Sql;
  readonly api: Awaited<ReturnType<TestPlace["login"]>>["api"];
  readonly drawer: string;
  /** A check of so many bass at 4.50, sent. */
  sell(quantity?: number): Promise<{ readonly check: string; readonly order: string; readonly item: string }>;
  /** Asks the provider for all that is due. */
  start(check: string, provider?: string, more?: { readonly capture?: "now" | "later"; readonly amount?: ReturnType<typeof eur> }): Promise<{ readonly payment: string; readonly attempt: string }>;
  payment(payment: string): Promise<PaymentState>;
  check(check: string): Promise<CheckState>;
  state<State>(stream: string): Promise<State>;
  /** Types of what is on a stream. */
  events(stream: string): Promise<readonly EventType[]>;
  becomes(payment: string, status: PaymentState["status"], withinMs?: number): Promise<PaymentState>;
  /** The same place at another hub, a process of its own, which shares nothing but the database. */
  otherHub(): Promise<{ readonly api: PayingPlace["api"]; stop(): void }>;
  /** Every consumer has applied what is in the log. */
  caughtUp(): Promise<void>;
  killConsumers(): void;
  startConsumers(): void;
  stop(): Promise<void>;
};

/** A place with a terminal and a QR provider, each simulated in a process of its own, and consumers in another. */
export async function payingPlace(settings: Readonly<Record<string, string>> = {}): Promise<PayingPlace> {
  const names = [["terminal-1", "terminal"], ["qr-1", "qr"]] as const;
  const providers = (url: string) => JSON.stringify(names.map(([name]) => ({ name, url: `${url}/${name}`, apiKey: API_KEY, webhookSecrets: [WEBHOOK_SECRET] })));
  // The hub takes webhooks and asks nobody, so that it needs no address.
  const fixture = await startTestHub({ settings: { PAYMENT_PROVIDERS: providers("http://127.0.0.1:9") } });
  const simulator = await startTestSimulator(names.map(([name, kind]) => ({ name, kind, apiKey: API_KEY, webhookSecret: WEBHOOK_SECRET, webhookUrl: `${fixture.url}/webhooks/payments/${name}` })));
  const admin = postgres(fixture.database.adminUrl, { max: 2 });
  const place = await makePlace(fixture);
  const { api, tokens } = await place.login("Mai");
  for (const [provider, kind] of names) result(await api.commerce.connectProvider.mutate(frame({ provider, kind, name: provider })));
  const drawer = newId("drawer");
  result(await api.drawer.open.mutate(frame({ drawer, name: "Till", float: eur(10_000) })));
  const run = (): TestConsumers => startTestConsumers(fixture, { PAYMENT_PROVIDERS: providers(simulator.url), PAYMENT_BACKOFF_MS: "100", PAYMENT_TIMEOUT_MS: "700", ...settings });
  let consumers = run();
  await consumers.caughtUp();

  async function state<State>(stream: string): Promise<State> {
    const [row] = await admin<{ head: State }[]>`select head from aggregates where stream = ${stream}`;
    if (!row) throw new Error(`no ${stream}`);
    return row.head;
  }
  const payment = (id: string) => state<PaymentState>(id);
  return {
    fixture,
    place,
    simulator,
    admin,
    api,
    drawer,
    async sell(quantity = 1) {
      const [order, item] = [newId("order"), newId("item")];
      const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "till" as const, customer: null, promisedAt: null };
      const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: place.products.bass, quantity: String(quantity) }] })));
      result(await api.order.send.mutate(frame({ order, items: [item] })));
      return { check, order, item };
    },
    async start(check, provider = "terminal-1", more = {}) {
      const id = newId("payment");
      const { attempt } = result(await api.payment.startAttempt.mutate(frame({ payment: id, check, provider, ...more })));
      return { payment: id, attempt };
    },
    payment,
    check: (id) => state<CheckState>(id),
    state,
    async events(stream) {
      const rows = await admin<{ type: EventType }[]>`select envelope::jsonb ->> 'type' as type from events where stream = ${stream} order by stream_version`;
      return rows.map(({ type }) => type);
    },
    async becomes(id, status, withinMs = 30_000) {
      let seen: PaymentState | undefined;
      await until(`payment ${status}`, async () => (seen = await payment(id)).status === status, withinMs).catch((error: unknown) => {
        throw new Error(`${String(error)}; it is ${seen?.status} (${seen?.reason ?? ""})`);
      });
      return payment(id);
    },
    async otherHub() {
      const other = await startHubProcess(fixture.database, { PAYMENT_PROVIDERS: providers("http://127.0.0.1:9") });
      return { api: other.api(tokens.accessToken), stop: other.stop };
    },
    caughtUp: () => consumers.caughtUp(),
    killConsumers: () => consumers.stop(),
    startConsumers: () => void (consumers = run()),
    async stop() {
      consumers.stop();
      simulator.stop();
      await admin.end();
      await fixture.stop();
    },
  };
}
