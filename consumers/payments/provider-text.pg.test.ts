import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ulid } from "ulidx";
import { sign } from "#hub/payments/standard-webhooks.ts";
import { eur, payingPlace, WEBHOOK_SECRET, type PayingPlace } from "#hub/payments/testing/paying-place.ts";
import { frame, newId, result, until } from "#hub/testing/hub-fixture.ts";

/** What the provider says; JSON may hold any escape, and others cut texts, too. */
let says: (method: string, path: string, body: Record<string, string>) => { status: number; body: object };
let server: Server;
let p: PayingPlace;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const said = says(request.method ?? "", request.url ?? "", (text === "" ? {} : JSON.parse(text)) as Record<string, string>);
      response.writeHead(said.status, { "content-type": "application/json" }).end(JSON.stringify(said.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  says = () => ({ status: 404, body: { refused: "not-found" } });
  p = await payingPlace({ PAYMENT_PROVIDERS: JSON.stringify([{ name: "terminal-1", url, apiKey: "a-key-of-the-simulator", webhookSecrets: [WEBHOOK_SECRET] }]) });
}, 120_000);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await p.stop();
});

test("regression: a reference padded with NUL, as a terminal's fixed field has it: the money that was taken is booked", async () => {
  says = (_, path, { attempt }) => ({ status: 200, body: { attempt: attempt ?? path.split("/")[3], state: "captured", amount: "450", tip: "0", currency: "EUR", reference: "A12\u0000\u0000" } });
  const { check } = await p.sell();
  const { payment } = await p.start(check);
  await p.becomes(payment, "captured", 45_000);
}, 90_000);

test("regression: a no whose 80th place is half of a pair: it has failed, and the bill is free", async () => {
  says = (method) => (method === "POST" ? { status: 402, body: { refused: `${"x".repeat(79)}\u{1F4B3} declined` } } : { status: 404, body: { refused: "not-found" } });
  const { check } = await p.sell();
  const { payment } = await p.start(check);
  await p.becomes(payment, "failed", 45_000);
}, 90_000);

test("regression: a no to a refund, cut like that: its payout has failed, and goes another way", async () => {
  says = (_, path, { attempt }) => ({ status: 200, body: { attempt: attempt ?? path.split("/")[3], state: "captured", amount: "450", tip: "0", currency: "EUR" } });
  const { check } = await p.sell();
  const { payment } = await p.start(check);
  await p.becomes(payment, "captured", 45_000);
  result(await p.api.check.close.mutate(frame({ check })));
  says = (method) => (method === "POST" ? { status: 402, body: { refused: `${"x".repeat(79)}\u{1F4B3} declined` } } : { status: 404, body: { refused: "not-found" } });
  const refund = newId("refund");
  result(await p.api.payment.refund.mutate(frame({ refund, check, what: { kind: "amount" as const, amount: eur(100) }, reason: "cold" })));
  await until("the payout has failed", async () => (await p.events(refund)).includes("payment.refund.failed"), 45_000);
}, 90_000);

test("regression: a success by webhook whose reference is padded with NUL pays the bill", async () => {
  says = (_, path, { attempt }) => ({ status: 200, body: { attempt: attempt ?? path.split("/")[3], state: "pending", currency: "EUR" } });
  const { check } = await p.sell();
  const { payment, attempt } = await p.start(check);
  await p.becomes(payment, "sent", 45_000);
  const body = Buffer.from(JSON.stringify({ type: "mq-pay:attempt.success", timestamp: new Date().toISOString(), data: { attempt, amount: "450", tip: "0", currency: "EUR", reference: "A12\u0000\u0000" } }));
  const [id, at] = [`msg_${ulid()}`, Math.floor(Date.now() / 1000)];
  const headers = { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": sign(WEBHOOK_SECRET, id, at, body), "x-webhook-event-type": "mq-pay:attempt.success" };
  const response = await fetch(`${p.fixture.url}/webhooks/payments/terminal-1`, { method: "POST", body, headers });
  expect(response.status).toBe(200);
  await p.becomes(payment, "captured", 45_000);
}, 90_000);
