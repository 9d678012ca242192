import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { httpProvider } from "./http-provider.ts";
import type { PaymentProviderPort } from "./provider-port.ts";

let said: { status: number; body: string };
let server: Server;
let provider: PaymentProviderPort;
beforeAll(async () => {
  server = createServer((_, response) => void response.writeHead(said.status).end(said.body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  provider = httpProvider({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: "key", timeoutMs: 5_000 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("regression: a 404 of a gateway, or of a provider without such a call, counted as its having heard of nothing, and a refund that was paid had failed", async () => {
  const noAnswer = { unreachable: "http-404", sent: true };
  for (const body of ["", "<h1>Not Found</h1>", `{"error":"not found"}`, `{"refused":"no-route"}`]) {
    said = { status: 404, body };
    expect(await provider.askRefund("prq_1")).toEqual(noAnswer);
    expect(await provider.ask("att_1")).toEqual(noAnswer);
    expect(await provider.start("att_1", { currency: "EUR" }, "prq_1")).toEqual(noAnswer);
  }
  said = { status: 404, body: `{"refused":"not-found"}` };
  expect(await provider.askRefund("prq_1")).toEqual({ notFound: true });
});
