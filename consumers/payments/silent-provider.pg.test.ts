import { afterEach, expect, test } from "vitest";
import { eur, payingPlace, type PayingPlace } from "#hub/payments/testing/paying-place.ts";
import { frame, newId, result, until } from "#hub/testing/hub-fixture.ts";
import { AT_ONCE } from "./lanes.ts";

let p: PayingPlace;
afterEach(async () => {
  await p.stop();
});

/** So long a call to the silent terminal lasts: longer than a test waits for anything. */
const TIMEOUT_MS = 60_000;
const REFUNDS = 30;
/** Refunds that the terminal is being asked for at this moment. */
const underWay = async () => (await p.admin`select from payment_requests where kind = 'refund' and state = 'queued' and lease_until > now()`).length;

/** A paid bill, and many refunds of it that the terminal takes and never answers. */
async function silentTerminal(settings: Readonly<Record<string, string>>): Promise<void> {
  p = await payingPlace({ PAYMENT_TIMEOUT_MS: String(TIMEOUT_MS), ...settings });
  await p.simulator.mood("terminal-1", { mood: "ok", ms: 20 });
  await p.simulator.mood("qr-1", { mood: "ok", ms: 20 });
  const { check } = await p.sell(2);
  const { payment } = await p.start(check);
  await p.becomes(payment, "captured");
  result(await p.api.check.close.mutate(frame({ check })));
  await p.simulator.mood("terminal-1", { mood: "hang" });
  for (let i = 0; i < REFUNDS; i++) result(await p.api.payment.refund.mutate(frame({ refund: newId("refund"), check, what: { kind: "amount" as const, amount: eur(10) }, reason: "cold" })));
  await until("the refunds are being asked for", async () => (await underWay()) >= AT_ONCE.refunds);
}

for (const [redis, settings] of [["is there", {}], ["is away", { REDIS_URL: "redis://127.0.0.1:9" }]] as const) {
  test(`regression: refunds of a silent provider kept a guest's payment at another from being asked for: Redis ${redis}`, async () => {
    await silentTerminal(settings);
    const { check } = await p.sell();
    const { payment } = await p.start(check, "qr-1");
    await p.becomes(payment, "captured");
    expect(await underWay()).toBeLessThanOrEqual(AT_ONCE.refunds);
    // What guests wait for is asked for also at that terminal.
    const other = await p.sell();
    const started = await p.start(other.check);
    await until("the terminal was asked", async () => (await p.admin`select from payment_requests where payment_id = ${started.payment} and kind = 'start' and claim > 0`).length === 1);
  }, 120_000);
}
