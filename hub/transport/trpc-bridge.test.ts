import { connect } from "node:net";
import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from "@trpc/client";
import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { DoorRefusal } from "./refusal.ts";
import { trpcBridge, type RequestFacts } from "./trpc-bridge.ts";

const t = initTRPC.context<{ facts: RequestFacts }>().create({
  transformer: superjson,
  isDev: false,
  errorFormatter: ({ shape, error }) => {
    const cause = error.cause;
    return { ...shape, data: { ...shape.data, ...(cause instanceof DoorRefusal ? { refused: cause.refused, field: cause.field } : {}) } };
  },
});
const router = t.router({
  order: t.router({
    add: t.procedure.input(z.object({ note: z.string(), at: z.date(), amount: z.bigint() })).mutation(({ input }) => ({ ...input, amount: input.amount * 2n })),
    fail: t.procedure.mutation(() => {
      throw new TRPCError({ code: "CONFLICT", message: "moved" });
    }),
    crash: t.procedure.mutation((): string => {
      throw new Error("password of the database");
    }),
  }),
  who: t.procedure.query(({ ctx }) => ctx.facts),
  double: t.procedure.input(z.number()).query(({ input }) => input * 2),
  nothing: t.procedure.mutation(() => undefined),
  any: t.procedure.input(z.unknown()).mutation(({ input }) => typeof input),
});

let server: HttpServer;
let port: number;
let base: string;
let contextFails = false;
const failures: string[] = [];

beforeAll(async () => {
  server = createHttpServer({ body: { timeoutMs: 400 }, onError: (error) => failures.push(String(error)) });
  trpcBridge({
    router,
    prefix: "/trpc",
    maxBatch: 3,
    createContext(facts) {
      if (contextFails) throw new TRPCError({ code: "UNAUTHORIZED", message: "no" });
      return { facts };
    },
    onError: ({ error, path }) => failures.push(`${path} ${error.code} ${error.cause?.message ?? ""}`),
  })(server);
  const listening = await server.listen(0, "127.0.0.1");
  if ("refused" in listening) throw new Error(listening.refused);
  port = listening.port;
  base = `http://127.0.0.1:${port}/trpc`;
});

afterAll(() => server.close());

const headers = () => ({ authorization: "Bearer x", traceparent: "00-aa-bb-01" });
const clients = {
  single: () => createTRPCClient<typeof router>({ links: [httpLink({ url: base, transformer: superjson, headers })] }),
  batched: () => createTRPCClient<typeof router>({ links: [httpBatchLink({ url: base, transformer: superjson, headers })] }),
};

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => "no error",
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) return String(error);
  const data = error.data as { code?: string; httpStatus?: number; refused?: string; field?: string } | undefined;
  return [data?.code, data?.httpStatus, data?.refused, data?.field].filter((part) => part !== undefined).join(" ");
}

describe.each(["single", "batched"] as const)("the stock client, %s", (kind) => {
  test("mutations with dates and bigints", async () => {
    const at = new Date("2026-11-20T12:00:00.123Z");
    expect(await clients[kind]().order.add.mutate({ note: "ohne Zwiebeln, phở 🍜", at, amount: 9007199254740993n })).toEqual({ note: "ohne Zwiebeln, phở 🍜", at, amount: 18014398509481986n });
  });

  test("queries, with what the context is made from", async () => {
    expect(await clients[kind]().double.query(21)).toBe(42);
    expect(await clients[kind]().who.query()).toMatchObject({ authorization: "Bearer x", traceparent: "00-aa-bb-01", remoteAddress: "127.0.0.1" });
  });

  test("no input and no output", async () => {
    expect(await clients[kind]().nothing.mutate()).toBeUndefined();
  });

  test("a procedure's refusal", async () => {
    expect(await codeOf(clients[kind]().order.fail.mutate())).toBe("CONFLICT 409");
  });

  test("wrong input", async () => {
    expect(await codeOf(clients[kind]().double.query("x" as unknown as number))).toBe("BAD_REQUEST 400");
  });

  test("a bug's message stays in the hub", async () => {
    failures.length = 0;
    const error: unknown = await clients[kind]().order.crash.mutate().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(JSON.stringify(error)).not.toContain("password");
    expect(String(error)).toContain("internal");
    expect(failures).toEqual(["order.crash INTERNAL_SERVER_ERROR password of the database"]);
  });

  test("an unknown procedure, also one that every object has", async () => {
    const loose = clients[kind]() as unknown as Record<string, Record<string, { mutate(): Promise<unknown> }>>;
    expect(await codeOf(loose["order"]!["nope"]!.mutate())).toBe("NOT_FOUND 404");
    expect(await codeOf(loose["__proto__"]!["constructor"]!.mutate())).toBe("NOT_FOUND 404");
  });

  test("a context that refuses", async () => {
    contextFails = true;
    expect(await codeOf(clients[kind]().double.query(1))).toBe("UNAUTHORIZED 401");
    contextFails = false;
  });

  test("2 MB", async () => {
    expect(await codeOf(clients[kind]().any.mutate("x".repeat(2 * 1024 * 1024)))).toBe("PAYLOAD_TOO_LARGE 413 body-too-large");
  });

  test("LOG-3: NUL and lone surrogates are refused by field", async () => {
    const at = new Date();
    expect(await codeOf(clients[kind]().order.add.mutate({ note: "a\u0000b", at, amount: 1n }))).toBe("BAD_REQUEST 400 broken-text note");
    expect(await codeOf(clients[kind]().any.mutate({ lines: [{ note: "\ud800" }] }))).toBe("BAD_REQUEST 400 broken-text lines.0.note");
  });
});

describe("batches", () => {
  test("results are mixed one by one", async () => {
    const client = clients.batched();
    const results = await Promise.allSettled([client.double.query(1), client.double.query("x" as unknown as number), client.double.query(3)]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const response = await fetch(`${base}/double,double?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: { json: 1 }, 1: { json: "x" } }))}`);
    expect(response.status).toBe(207);
  });

  test("too many calls are refused", async () => {
    const client = clients.batched();
    expect(await Promise.all([1, 2, 3, 4].map((n) => codeOf(client.double.query(n))))).toEqual(Array(4).fill("BAD_REQUEST 400 batch-too-large"));
  });
});

describe("the wire, by hand", () => {
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, type = "application/json") => {
    const response = await fetch(`${base}/${path}`, { method: "POST", body, headers: { "content-type": type } });
    const json = (await response.json()) as { error?: { json: { data: { code: string; refused?: string } } } };
    return [response.status, json.error?.json.data.refused ?? json.error?.json.data.code ?? "ok"];
  };

  test.each([
    ["malformed JSON", "{", [400, "malformed-json"]],
    ["broken UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22]), [400, "bad-encoding"]],
    ["a prototype's key", '{"json":{"__proto__":{"a":1}}}', [400, "forbidden-key"]],
    ["an escaped prototype's key", '{"json":{"\\u005f_proto__":{"a":1}}}', [400, "forbidden-key"]],
    ["superjson's path to a prototype", '{"json":{"a":1},"meta":{"values":{"__proto__.x":["Date"]},"v":1}}', [400, "malformed-input"]],
    ["superjson's path to a constructor", '{"json":{"a":"1"},"meta":{"values":{"constructor.prototype.x":["Date"]},"v":1}}', [400, "malformed-input"]],
    ["an annotation of nonsense", '{"json":{"a":1},"meta":{"values":{"a":["class","Nope"]},"v":1}}', [400, "malformed-input"]],
    ["bottomless nesting", `{"json":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, [400, "too-deep"]],
    ["a cycle", '{"json":{"a":{}},"meta":{"referentialEqualities":{"a":["a.b"]},"v":1}}', [400, "too-deep"]],
    ["null", "null", [400, "malformed-input"]],
    ["a number", "1", [200, "ok"]],
  ])("%s", async (_, body, expected) => {
    expect(await post("any", body)).toEqual(expected);
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });

  test("one small body that means a million nodes is refused", async () => {
    const level = (n: number): string => (n === 0 ? "[1,1,1,1,1,1,1,1]" : `{"a":${level(n - 1)},${[..."bcdefgh"].map((key) => `"${key}":null`).join(",")}}`);
    const equalities: Record<string, string[]> = {};
    let path = "";
    for (let n = 0; n < 8; n++) {
      equalities[`${path}a`] = [..."bcdefgh"].map((key) => `${path}${key}`);
      path += "a.";
    }
    expect(await post("any", `{"json":${level(8)},"meta":{"referentialEqualities":${JSON.stringify(equalities)},"v":1}}`)).toEqual([400, "too-deep"]);
  });

  test("another content type is refused", async () => {
    expect(await post("any", "{}", "text/plain")).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  test("a mutation by GET, a query by POST", async () => {
    expect((await fetch(`${base}/nothing`)).status).toBe(405);
    expect(await post("double", '{"json":1}')).toEqual([405, "METHOD_NOT_SUPPORTED"]);
  });

  test("a batch whose input is no object", async () => {
    expect(await post("any?batch=1", '"x"')).toEqual([400, "malformed-input"]);
  });

  test("broken percent-encoding in path and query", async () => {
    expect((await fetch(`${base}/dou%ffble`)).status).toBe(400);
    expect((await fetch(`${base}/double?input=%c3%28`)).status).toBe(400);
  });

  const raw = (bytes: string, hangUpAfterMs = 3_000) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(bytes);
        setTimeout(() => socket.destroy(), hangUpAfterMs);
      });
      let answer = "";
      socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(answer));
    });

  test("a slow upload gets tRPC's time-out", async () => {
    const answer = await raw("POST /trpc/any HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{");
    expect(answer).toContain("408 Request Timeout");
    expect(answer).toContain('"code":"TIMEOUT"');
  });

  test("an aborted upload calls no procedure", async () => {
    failures.length = 0;
    await raw("POST /trpc/any HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{", 50);
    await expect.poll(() => failures).toEqual(["any CLIENT_CLOSED_REQUEST aborted"]);
    expect(await clients.single().double.query(2)).toBe(4);
  });

  test("a thousand aborted at any moment leave the hub up", async () => {
    const body = JSON.stringify({ json: "x".repeat(2_000) });
    const request = `POST /trpc/any HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => raw(request.slice(0, 40 * i), (i * 7) % 30)));
    }
    expect(await clients.single().double.query(2)).toBe(4);
    await expect.poll(() => server.inFlight()).toBe(0);
  });
});
