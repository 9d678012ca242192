import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { shardOf } from "#shared/shards.ts";
import { EPOCH, helloText, masked, rawSocket, rehearse, Screen, ticket, upgradeRequest, type Rehearsal } from "./testing/rehearsal.ts";

const mine = { organizerId: "org_1", merchantId: "mer_1" };
const shard = shardOf("mer_1");
const at = (merchant: bigint) => ({ epoch: EPOCH, positions: { [String(shardOf("org_1"))]: "0", [String(shard)]: String(merchant) } });

const open: Rehearsal[] = [];
async function hub(...options: Parameters<typeof rehearse>): Promise<Rehearsal> {
  const rehearsal = await rehearse(...options);
  open.push(rehearsal);
  return rehearsal;
}
afterEach(async () => {
  for (const rehearsal of open.splice(0)) {
    await rehearsal.close();
    expect(rehearsal.errors).toEqual([]);
  }
});

// The machine may be busy with other tests; what is polled for comes, but not always at once.
const poll: typeof expect.poll = (value, options) => expect.poll(value, { timeout: 10_000, interval: 10, ...options });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("RT-3: alive or closed", () => {
  test("a heartbeat comes on time and moves the cursor over what was not for the screen", async () => {
    const { url, log } = await hub({ limits: { heartbeatMs: 40 } });
    const screen = new Screen(url, helloText({ cursor: at(0n) }), at(0n));
    await screen.got("caughtUp");
    log.append(mine, ["payroll.salary.paid"]);
    await poll(() => screen.cursor?.positions[String(shard)]).toBe("1");
    await poll(() => screen.of("heartbeat").length, { timeout: 5_000 }).toBeGreaterThanOrEqual(4);
    expect(screen.steps).toEqual([]);
  });

  test("a ping is answered", async () => {
    const { url } = await hub();
    const screen = new Screen(url, helloText());
    await screen.got("caughtUp");
    screen.send('{"type":"ping"}');
    await screen.got("heartbeat");
  });

  test("a slow socket is closed, harms nobody, and resumes without a hole", async () => {
    const { url, log, port, realtime } = await hub({ limits: { bufferedBytes: 64 * 1024, ring: { frames: 10, bytes: 1e9 } } });
    const fast = new Screen(url, helloText());
    await fast.got("caughtUp");
    const slow = await rawSocket(port);
    slow.write(masked(helloText()));
    await poll(() => realtime.stats().live).toBe(2);
    slow.pause();
    const note = "x".repeat(200_000);
    for (let n = 0; n < 100 && realtime.stats().sockets === 2; n++) {
      log.append(mine, ["sale.order.created"], { note });
      await pause(1);
    }
    await poll(() => realtime.stats()).toMatchObject({ sockets: 1, slow: 1 });
    slow.destroy();
    const total = Number(log.heads()[shard]);
    await poll(() => fast.applied.length).toBe(total);
    expect(fast.steps.filter((step) => step !== "apply")).toEqual([]);
    const back = new Screen(url, helloText({ cursor: at(0n) }), at(0n));
    await back.got("caughtUp", 10_000);
    expect(back.applied.map((frame) => frame.to)).toEqual(Array.from({ length: total }, (_, n) => String(n + 1)));
  }, 60_000);

  test("a socket that stops reading while it catches up is closed too", async () => {
    const { log, port, realtime } = await hub({ limits: { bufferedBytes: 64 * 1024, stalledMs: 200 } });
    for (let n = 0; n < 60; n++) log.append(mine, ["sale.order.created"], { note: "x".repeat(200_000) });
    const slow = await rawSocket(port);
    slow.pause();
    slow.write(masked(helloText({ cursor: at(0n) })));
    await poll(() => realtime.stats().slow).toBe(1);
    await poll(() => realtime.stats().sockets).toBe(0);
    slow.destroy();
  });
});

describe("who may listen", () => {
  test("a ticket works once", async () => {
    const { url } = await hub();
    const hello = helloText();
    const first = new Screen(url, hello);
    await first.got("caughtUp");
    const second = new Screen(url, hello);
    expect(await second.closed).toBe(4400);
    expect(second.messages).toEqual([{ type: "refused", code: "ticket" }]);
  });

  test("the session's end is the socket's", async () => {
    const { url, realtime } = await hub();
    const screens = [{ staffId: "stf_1" }, { staffId: "stf_2" }, { deviceId: "dev_x" }].map((session) => new Screen(url, helloText({ ticket: ticket(session) })));
    await Promise.all(screens.map((screen) => screen.got("caughtUp")));
    realtime.endSessions({ staffId: "stf_1" });
    realtime.endSessions({ deviceId: "dev_x" });
    expect(await screens[0]?.closed).toBe(4401);
    expect(await screens[2]?.closed).toBe(4401);
    expect(screens[0]?.of("bye")).toEqual([{ type: "bye", reason: "session-ended" }]);
    expect(realtime.stats().sockets).toBe(1);
  });

  test("a session that is ended while its ticket is looked up gets no socket; the next one does", async () => {
    const session = { organizerId: "org_1", merchantId: "mer_1", deviceId: "dev_1", capabilities: [], expiresAt: Date.now() + 60_000 };
    const lookUps: ((found: typeof session) => void)[] = [];
    const { url, realtime } = await hub({ authenticate: () => new Promise((resolve) => lookUps.push(resolve)) });
    const screen = new Screen(url, helloText());
    await poll(() => lookUps.length).toBe(1);
    realtime.endSessions({ deviceId: "dev_1" });
    lookUps[0]?.(session);
    expect(await screen.closed).toBe(4401);
    // Whoever asks in the millisecond of the end is taken for one from before it.
    await pause(5);
    const next = new Screen(url, helloText());
    await poll(() => lookUps.length).toBe(2);
    lookUps[1]?.(session);
    await next.got("caughtUp");
  });

  test("an expired session ends", async () => {
    const { url } = await hub({ limits: { heartbeatMs: 30 } });
    const screen = new Screen(url, helloText({ ticket: ticket({ expiresAt: Date.now() + 150 }) }));
    await screen.got("caughtUp");
    expect(await screen.closed).toBe(4401);
    expect(screen.of("bye")).toEqual([{ type: "bye", reason: "session-expired" }]);
  });

  test("a device's oldest socket gives way", async () => {
    const { url, realtime } = await hub({ limits: { socketsPerDevice: 2 } });
    const screens: Screen[] = [];
    for (let n = 0; n < 3; n++) {
      const screen = new Screen(url, helloText({ ticket: ticket({ deviceId: "dev_1" }) }));
      await screen.got("caughtUp");
      screens.push(screen);
    }
    await screens[0]?.closed;
    expect(screens[0]?.of("bye")).toEqual([{ type: "bye", reason: "replaced" }]);
    expect(realtime.stats().sockets).toBe(2);
  });

  test.each([
    ["http://evil.example", 403],
    ["null", 403],
    ["https://pos.example", 101],
    ["", 101],
    ["own", 101],
  ])("a page from elsewhere is refused: %s", async (origin, status) => {
    const { port } = await hub({ origins: ["https://pos.example"] });
    const value = origin === "own" ? `http://127.0.0.1:${port}` : origin;
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write(upgradeRequest(port, value === "" ? {} : { origin: value })),
      );
      socket.once("data", (chunk: Buffer) => {
        resolve(chunk.toString("latin1"));
        socket.destroy();
      });
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
  });

  test("closing says goodbye to all", async () => {
    const { url, realtime } = await hub();
    const screen = new Screen(url, helloText());
    await screen.got("caughtUp");
    realtime.close();
    expect(await screen.closed).toBe(1001);
    expect(screen.of("bye")).toEqual([{ type: "bye", reason: "shutting-down" }]);
  });
});

describe("hostile messages are refused, and the hub stays up", () => {
  const deep = `{"type":"hello","protocol":${PROTOCOL_VERSION},"ticket":${"[".repeat(3_000)}${"]".repeat(3_000)}}`;
  test.each([
    ["no JSON", "hello", "bad-message"],
    ["null", "null", "bad-message"],
    ["an unknown type", '{"type":"subscribe"}', "bad-message"],
    ["a ping before hello", '{"type":"ping"}', "hello-first"],
    ["a hello without a ticket", JSON.stringify({ type: "hello", protocol: PROTOCOL_VERSION }), "bad-message"],
    ["another protocol", JSON.stringify({ type: "hello", protocol: 99, whatever: true }), "protocol"],
    ["a hello that says more", helloText({ merchantId: "mer_2" }), "bad-message"],
    ["an unknown topic", helloText({ topics: ["ws:observation.everything"] }), "unknown-topic"],
    ["a prototype's name as topic", helloText({ topics: ["__proto__"] }), "unknown-topic"],
    ["a bad ticket", helloText({ ticket: "x" }), "ticket"],
    ["bottomless nesting", deep, "bad-message"],
    ["a binary message", new Uint8Array([1, 2, 3]), "bad-message"],
  ])("%s", async (_, message, code) => {
    const { url } = await hub();
    const screen = new Screen(url, message);
    expect(await screen.closed).toBe(4400);
    expect(screen.messages).toMatchObject([{ type: "refused", code }]);
    await new Screen(url, helloText()).got("caughtUp");
  });

  test("a second hello", async () => {
    const { url } = await hub();
    const screen = new Screen(url, helloText());
    await screen.got("caughtUp");
    screen.send(helloText());
    expect(await screen.closed).toBe(4400);
    expect(screen.of("refused")).toEqual([{ type: "refused", code: "hello-twice" }]);
  });

  test("nothing said in time", async () => {
    const { url } = await hub({ limits: { helloMs: 50 } });
    const screen = new Screen(url, undefined);
    expect(await screen.closed).toBe(4400);
    expect(screen.of("refused")).toEqual([{ type: "refused", code: "hello-late" }]);
  });

  test("too many messages", async () => {
    const { url } = await hub();
    const screen = new Screen(url, helloText());
    await screen.got("caughtUp");
    for (let n = 0; n < 30; n++) screen.send('{"type":"ping"}');
    expect(await screen.closed).toBe(4400);
    expect(screen.of("refused")).toEqual([{ type: "refused", code: "too-many-messages" }]);
  });

  test("a huge message", async () => {
    const { url } = await hub();
    const screen = new Screen(url, helloText());
    await screen.got("caughtUp");
    screen.send("x".repeat(100_000));
    await screen.closed;
    await new Screen(url, helloText()).got("caughtUp");
  });

  test("random frames on the wire, and sockets cut at any moment", async () => {
    const { url, port, realtime } = await hub();
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const socket = await rawSocket(port);
        const hello = masked(helloText({ cursor: at(0n) }));
        socket.write(n % 3 === 0 ? randomBytes(200) : n % 3 === 1 ? hello.subarray(0, n * 3) : hello);
        await pause(Math.random() * 20);
        socket.destroy();
      }),
    );
    await poll(() => realtime.stats().sockets).toBe(0);
    await new Screen(url, helloText()).got("caughtUp");
  });

  test("an authenticator that fails", async () => {
    const { url, errors } = await hub({ authenticate: () => Promise.reject(new Error("database away")) });
    const screen = new Screen(url, helloText());
    expect(await screen.closed).toBe(1013);
    expect(errors.splice(0)).toHaveLength(1);
  });
});
