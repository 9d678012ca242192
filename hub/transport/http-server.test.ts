import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeUtf8 } from "./body.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";

let server: HttpServer;
let port: number;
let base: string;
const errors: string[] = [];
let letGo = () => {};
let answered = 0;

beforeAll(async () => {
  server = createHttpServer({ body: { bytes: 1024 * 1024, timeoutMs: 400 }, onError: (_, at) => errors.push(at) });
  server.route("POST", "/echo", async (exchange) => {
    const body = await exchange.body();
    if ("refused" in body) exchange.refuse(body.refused === "body-timeout" ? 408 : 413, { refused: body.refused });
    else exchange.json(200, { bytes: body.bytes.length, text: decodeUtf8(body.bytes) ?? null });
  });
  server.route("GET", "/throws", () => {
    throw new Error("at once");
  });
  server.route("GET", "/rejects", async () => {
    await Promise.resolve();
    throw new Error("later");
  });
  server.route("GET", "/slow", async (exchange) => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    exchange.json(200, { slow: true });
  });
  server.route("GET", "/held", async (exchange) => {
    await new Promise<void>((resolve) => (letGo = resolve));
    exchange.json(200, {});
    answered++;
  });
  server.route("GET", "/late-header", async (exchange) => {
    await Promise.resolve();
    exchange.header("host");
  });
  const listening = await server.listen(0, "127.0.0.1");
  if ("refused" in listening) throw new Error(listening.refused);
  port = listening.port;
  base = `http://127.0.0.1:${port}`;
});

afterAll(() => server.close());

async function get(path: string, init?: RequestInit) {
  const response = await fetch(base + path, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** Bytes to the port, and all that comes back until the hub or the time ends it. */
function raw(bytes: string | Buffer, options: { readonly hangUpAfterMs?: number } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    socket.write(bytes);
    setTimeout(() => socket.destroy(), options.hangUpAfterMs ?? 3_000);
  });
}

describe("HTTP door", () => {
  test("more requests than may be under way are told to come again; who looks after the hub is let in", async () => {
    const small = createHttpServer({ requests: 2, onError: () => undefined });
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    small.route("GET", "/held", async (exchange) => {
      await held;
      exchange.json(200, {});
    });
    small.route("GET", "/healthz", (exchange) => exchange.json(200, {}), true);
    const at = await small.listen(0, "127.0.0.1");
    if ("refused" in at) throw new Error(at.refused);
    const ask = (path: string) => fetch(`http://127.0.0.1:${at.port}${path}`);
    const first = [ask("/held"), ask("/held")];
    await expect.poll(() => small.inFlight()).toBe(2);
    const third = await ask("/held");
    expect([third.status, third.headers.get("retry-after"), await third.json()]).toEqual([503, "1", { refused: "overloaded", retryAfterMs: 1_000 }]);
    expect((await ask("/healthz")).status).toBe(200);
    expect(small.queue()).toEqual({ queue: "requests", length: 2, bound: 2, full: 1 });
    answer();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask("/held")).status).toBe(200);
    await small.close();
  });

  test("reads a body in several chunks", async () => {
    const { status, body } = await get("/echo", { method: "POST", body: "ü".repeat(400_000) });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ bytes: 800_000, text: "ü".repeat(400_000) });
  });

  test("an empty body is a body", async () => {
    expect(JSON.parse((await get("/echo", { method: "POST" })).body)).toEqual({ bytes: 0, text: "" });
  });

  test("2 MB are refused by code, and read by a client that is still sending", async () => {
    const { status, body } = await get("/echo", { method: "POST", body: Buffer.alloc(2 * 1024 * 1024) });
    expect([status, body]).toEqual([413, '{"refused":"body-too-large"}']);
  });

  test("an endless body is cut off", async () => {
    const head = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 900000000\r\n\r\n";
    const answer = await raw(Buffer.concat([Buffer.from(head), Buffer.alloc(17 * 1024 * 1024)]));
    expect(answer === "" || answer.startsWith("HTTP/1.1 413")).toBe(true);
  });

  test("broken UTF-8 is seen, not replaced", async () => {
    const { body } = await get("/echo", { method: "POST", body: Buffer.from([0x22, 0xc3, 0x28, 0x22]) });
    expect(JSON.parse(body)).toEqual({ bytes: 4, text: null });
  });

  test("a slow upload is refused by code and its connection closed", async () => {
    const answer = await raw("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc");
    expect(answer).toContain("408 Request Timeout");
    expect(answer).toContain('{"refused":"body-timeout"}');
    expect(answer.toLowerCase()).toContain("connection: close");
  });

  test("an aborted upload leaves nothing behind", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc");
    await expect.poll(() => server.inFlight()).toBe(1);
    socket.destroy();
    await expect.poll(() => server.inFlight()).toBe(0);
  });

  test("a client that leaves before the answer harms nothing", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /held HTTP/1.1\r\nhost: x\r\n\r\n");
    await expect.poll(() => server.inFlight()).toBe(1);
    socket.destroy();
    await expect.poll(() => server.inFlight()).toBe(0);
    letGo();
    await expect.poll(() => answered).toBe(1);
    expect((await get("/slow")).status).toBe(200);
  });

  test("what a handler throws, now or later, is a 500 without its message", async () => {
    errors.length = 0;
    for (const path of ["/throws", "/rejects", "/late-header"]) {
      expect(await get(path)).toMatchObject({ status: 500, body: '{"refused":"internal"}' });
    }
    expect(errors).toEqual(["GET /throws", "GET /rejects", "GET /late-header"]);
  });

  test("unknown paths and methods are refused by code", async () => {
    expect(await get("/nothing")).toMatchObject({ status: 404, body: '{"refused":"not-found"}' });
    const wrong = await get("/echo", { method: "DELETE" });
    expect([wrong.status, wrong.body, wrong.headers.get("allow")]).toEqual([405, '{"refused":"method-not-allowed"}', "POST"]);
  });

  test("HEAD gets the length and no body, and the connection's next request its answer", async () => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.write("HEAD /slow HTTP/1.1\r\nhost: x\r\n\r\n");
    await expect.poll(() => answer).toContain("\r\n\r\n");
    // A body would come before the next answer.
    socket.write("GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n");
    await expect.poll(() => answer).toContain('{"refused":"not-found"}');
    socket.destroy();
    expect(answer.toLowerCase()).toContain("content-length: 13");
    expect(answer).not.toContain('{"slow"');
  });

  test.each([
    ["no HTTP at all", "\u0000\u0001\u0002\r\n\r\n"],
    ["a bad request line", "GET\r\n\r\n"],
    ["a bad content-length", "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n"],
    ["two lengths", "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"],
    ["a header without end", `GET / HTTP/1.1\r\nhost: ${"x".repeat(40_000)}`],
  ])("garbage is survived: %s", async (_, bytes) => {
    await raw(bytes, { hangUpAfterMs: 200 });
    expect((await get("/nothing")).status).toBe(404);
  });
});

describe("listening", () => {
  test("a taken port is told, not shared", async () => {
    const other = createHttpServer({ onError: () => undefined });
    expect(await other.listen(port, "127.0.0.1")).toEqual({ refused: "port-taken", host: "127.0.0.1", port });
    await other.close();
  });

  test("an address of another machine is told", async () => {
    const other = createHttpServer({ onError: () => undefined });
    expect(await other.listen(0, "203.0.113.7")).toMatchObject({ refused: "address-not-available" });
    await other.close();
  });

  test("closing lets a running request end and takes no new one", async () => {
    const other = createHttpServer({ onError: () => undefined });
    other.route("GET", "/slow", async (exchange) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      exchange.json(200, {});
    });
    const listening = await other.listen(0, "127.0.0.1");
    if ("refused" in listening) throw new Error(listening.refused);
    const running = fetch(`http://127.0.0.1:${listening.port}/slow`);
    await expect.poll(() => other.inFlight()).toBe(1);
    const closed = other.close();
    expect((await running).status).toBe(200);
    await closed;
    await expect(fetch(`http://127.0.0.1:${listening.port}/slow`)).rejects.toThrow();
  });

  test("closing does not wait for ever", async () => {
    const other = createHttpServer({ onError: () => undefined });
    other.route("GET", "/never", () => undefined);
    const listening = await other.listen(0, "127.0.0.1");
    if ("refused" in listening) throw new Error(listening.refused);
    const running = fetch(`http://127.0.0.1:${listening.port}/never`).catch(() => "cut");
    await expect.poll(() => other.inFlight()).toBe(1);
    await other.close(100);
    expect(await running).toBe("cut");
  });
});
