import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createApi, failureOf } from "./api.ts";

const SLOW_DOWN = { error: { json: { message: "slow-down", code: -32_029, data: { code: "TOO_MANY_REQUESTS", httpStatus: 429, refused: "slow-down", of: "device", retryAfterMs: 40 } } } };
const DONE = { result: { data: { json: "done" } } };

/** A hub that slows the first calls down. */
async function hubThatSlows(times: number) {
  const asked: number[] = [];
  const server = createServer((_, response) => {
    asked.push(performance.now());
    const slow = asked.length <= times;
    response.writeHead(slow ? 429 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(slow ? SLOW_DOWN : DONE));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { api: createApi(`http://127.0.0.1:${port}/trpc`), asked, close: () => server.close() };
}

test("a call that is slowed down waits as long as it was told, and is made again by itself", async () => {
  const { api, asked, close } = await hubThatSlows(3);
  await expect(api.mutate("order.send", {})).resolves.toBe("done");
  expect(asked).toHaveLength(4);
  for (const [i, at] of asked.entries()) if (i > 0) expect(at - (asked[i - 1] ?? 0)).toBeGreaterThanOrEqual(39);
  await expect(api.query("sync.snapshot", undefined)).resolves.toBe("done");
  close();
});

test.each([
  ["its own fault", 500, { error: { json: { message: "oh", code: -32_603, data: { code: "INTERNAL_SERVER_ERROR", httpStatus: 500 } } } }, { kind: "unreachable", fault: true }],
  ["not now", 503, { error: { json: { message: "unavailable", code: -32_603, data: { code: "SERVICE_UNAVAILABLE", httpStatus: 503, refused: "unavailable", reason: "no-answer" } } } }, { kind: "unreachable" }],
  ["nothing that the hub would say", 500, "<html>", { kind: "unreachable" }],
])("a hub that answers with %s", async (_, status, body, failure) => {
  const server = createServer((_request, response) => void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const failed = await createApi(`http://127.0.0.1:${port}/trpc`).mutate("order.send", {}).catch(failureOf);
  expect(failed).toEqual(failure);
  server.close();
});
