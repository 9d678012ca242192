import { connect } from "node:net";
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { merchantRoom, organizerRoom } from "#shared/protocol/rooms.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { shardOf } from "#shared/shards.ts";
import type { Owner } from "./types.ts";
import { EPOCH, helloText, rehearse, Screen, ticket, type Rehearsal } from "./rehearsal.ts";

const mine = { organizerId: "org_1", merchantId: "mer_1" };
const other = { organizerId: "org_2", merchantId: "mer_2" };
const shard = shardOf("mer_1");
const at = (merchant: bigint | string, organizer: bigint | string = "0") => ({
  epoch: EPOCH,
  positions: { [String(shardOf("org_1"))]: String(organizer), [String(shard)]: String(merchant) },
});

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

describe("RT-1: rooms and topics", () => {
  test("a welcome says where the hub stands and what is granted", async () => {
    const { url, log } = await hub();
    log.append(mine, ["sale.order.created"]);
    const screen = new Screen(url, helloText({ ticket: ticket({ capabilities: ["kitchen.work"] }), topics: ["ws:observation.sale.kitchen-ticket", "ws:observation.payment.transaction"] }));
    await screen.got("caughtUp");
    expect(screen.of("welcome")[0]).toMatchObject({
      protocol: PROTOCOL_VERSION,
      epoch: EPOCH,
      cursor: at(1n),
      rooms: [merchantRoom("mer_1"), organizerRoom("org_1")],
      topics: ["ws:observation.sale.kitchen-ticket"],
    });
  });

  test("two merchants are isolated, and an organizer's own events reach its merchants only", async () => {
    const { url, log } = await hub();
    const a = new Screen(url, helloText());
    const b = new Screen(url, helloText({ ticket: ticket(other) }));
    await Promise.all([a.got("caughtUp"), b.got("caughtUp")]);
    log.append(mine, ["sale.order.created"]);
    log.append(other, ["sale.order.created"]);
    log.append({ organizerId: "org_1" }, ["identity.staff.created"]);
    log.append({ organizerId: "org_1", merchantId: "mer_9" }, ["sale.order.created"]);
    await poll(() => [a.applied.length, b.applied.length]).toEqual([2, 1]);
    await pause(30);
    expect(a.applied.map((frame) => frame.types[0])).toEqual(["sale.order.created", "identity.staff.created"]);
    expect(b.ids).toEqual([`evt_${shardOf("mer_2")}_1`]);
  });

  test("a command's events are one frame, of which each reader gets what it may see", async () => {
    const { url, log } = await hub();
    const cook = new Screen(url, helloText({ ticket: ticket({ capabilities: ["kitchen.work"] }) }));
    const cashier = new Screen(url, helloText({ ticket: ticket({ capabilities: ["check.settle"] }) }));
    const nobody = new Screen(url, helloText({ ticket: ticket({ capabilities: [] }) }));
    await Promise.all([cook.got("caughtUp"), cashier.got("caughtUp"), nobody.got("caughtUp")]);
    log.append(mine, ["sale.order.itemsAdded", "sale.check.updated", "stock.countdown.taken", "stock.ingredient.counted"]);
    log.append(mine, ["sale.check.paid"]);
    await poll(() => cashier.applied.length).toBe(2);
    await pause(30);
    expect(cook.applied.map((frame) => frame.types)).toEqual([["sale.order.itemsAdded", "stock.countdown.taken"]]);
    expect(cashier.applied.map((frame) => frame.types)).toEqual([["sale.order.itemsAdded", "sale.check.updated", "stock.countdown.taken"], ["sale.check.paid"]]);
    expect(nobody.applied.map((frame) => frame.types)).toEqual([["stock.countdown.taken"]]);
    expect(cook.of("frame")[0]).toMatchObject({ shard, from: "1", to: "4" });
  });

  test("an event type without a topic reaches no screen", async () => {
    const { url, log } = await hub();
    const screen = new Screen(url, helloText());
    await screen.got("caughtUp");
    log.append(mine, ["payroll.salary.paid"]);
    log.append(mine, ["payroll.salary.paid", "sale.order.sent"]);
    await poll(() => screen.applied.map((frame) => frame.types)).toEqual([["sale.order.sent"]]);
  });
});

describe("RT-2: resume", () => {
  test.each([["the ring", true], ["the index", false]])("what was missed comes in order from %s, then live", async (_, fromRing) => {
    const { url, log, realtime } = await hub(fromRing ? {} : { limits: { ring: { frames: 2, bytes: 1e6 } } });
    const holder = new Screen(url, helloText());
    await holder.got("caughtUp");
    for (let n = 0; n < 10; n++) log.append(mine, ["sale.order.created", "sale.order.itemsAdded"]);
    log.append({ organizerId: "org_1" }, ["identity.staff.created"]);
    const screen = new Screen(url, helloText({ cursor: at(4n) }), at(4n));
    await screen.got("caughtUp");
    log.append(mine, ["sale.order.sent"]);
    await poll(() => screen.applied.length).toBe(10);
    expect(screen.applied.filter((frame) => frame.types.length === 2).map((frame) => frame.to)).toEqual(["6", "8", "10", "12", "14", "16", "18", "20"]);
    expect(screen.applied.at(-1)?.types).toEqual(["sale.order.sent"]);
    expect(screen.of("frame").filter((frame) => frame.seq === undefined)).toHaveLength(9);
    expect(realtime.stats()).toMatchObject({ resumed: 1, sockets: 2, live: 2, audiences: 1 });
  });

  test("a cursor that is the hub's own misses nothing", async () => {
    const { url, log } = await hub();
    log.append(mine, ["sale.order.created"]);
    const screen = new Screen(url, helloText({ cursor: at(1n) }), at(1n));
    await screen.got("caughtUp");
    expect(screen.messages.map((message) => message.type)).toEqual(["welcome", "caughtUp"]);
  });

  test.each([
    ["other-epoch", { ...at(0n), epoch: "01JZZZZZZZZZZZZZZZZZZZZZZY" }],
    ["ahead", at(4_901n)],
    ["too-old", at(0n)],
    ["malformed", { epoch: EPOCH, positions: {} }],
    ["malformed", { epoch: EPOCH, positions: { [String(shard)]: "-1" } }],
    ["malformed", "yesterday"],
    ["malformed", null],
  ])("LOG-7: a cursor that cannot be served is told: %s", async (reason, cursor) => {
    const { url, log } = await hub({ limits: { maxResumeEvents: 5, ring: { frames: 3, bytes: 1e6 } } });
    for (let n = 0; n < 10; n++) log.append(mine, ["sale.order.created"]);
    const screen = new Screen(url, helloText({ cursor }));
    await screen.got("caughtUp");
    expect(screen.of("snapshotRequired")).toEqual([{ type: "snapshotRequired", reason }]);
    expect(screen.of("frame")).toEqual([]);
    log.append(mine, ["sale.order.sent"]);
    await poll(() => screen.of("frame").map((frame) => frame.to)).toEqual(["11"]);
  });

  test("a screen that another hub has shown more is no stranger", async () => {
    const { url, log, realtime } = await hub();
    const frames = [log.append(mine, ["sale.order.created"], { fed: false }), log.append(mine, ["sale.order.sent"], { fed: false })];
    const screen = new Screen(url, helloText({ cursor: at(1n) }), at(1n));
    await screen.got("caughtUp");
    expect(screen.of("snapshotRequired")).toEqual([]);
    for (const frame of frames) realtime.onFrame(frame);
    await poll(() => screen.applied.map((frame) => frame.to)).toEqual(["2"]);
  });

  test("what Postgres holds beyond the feed comes once, by the feed", async () => {
    const { url, log, realtime } = await hub({ limits: { ring: { frames: 1, bytes: 1e6 } } });
    for (let n = 0; n < 4; n++) log.append(mine, ["sale.order.created"]);
    const late = log.append(mine, ["sale.order.sent"], { fed: false });
    const screen = new Screen(url, helloText({ cursor: at(1n) }), at(1n));
    await screen.got("caughtUp");
    expect(screen.of("frame").map((frame) => frame.to)).toEqual(["2", "3", "4"]);
    realtime.onFrame(late);
    await poll(() => screen.of("frame").map((frame) => frame.to)).toEqual(["2", "3", "4", "5"]);
  });

  test("the log is away: come back later", async () => {
    const { url, log, errors } = await hub({ index: { head: () => Promise.reject(new Error("away")), read: () => Promise.reject(new Error("away")) } });
    log.append(mine, ["sale.order.created"]);
    const screen = new Screen(url, helloText({ cursor: at(0n) }), at(0n));
    expect(await screen.closed).toBe(1013);
    expect(screen.of("bye")).toEqual([{ type: "bye", reason: "unavailable" }]);
    expect(errors.splice(0)).toHaveLength(1);
  });

  test("a frame brought twice is taken once; a hole in the feed closes those whom it concerns", async () => {
    const { url, log, realtime } = await hub();
    const a = new Screen(url, helloText());
    const b = new Screen(url, helloText({ ticket: ticket(other) }));
    await Promise.all([a.got("caughtUp"), b.got("caughtUp")]);
    const frame = log.append(mine, ["sale.order.created"]);
    realtime.onFrame(frame);
    await poll(() => a.applied.length).toBe(1);
    log.append(mine, ["sale.order.sent"], { fed: false });
    log.append(mine, ["sale.order.completed"]);
    expect(await a.closed).toBe(4409);
    expect(a.of("frame")).toHaveLength(1);
    expect(realtime.stats()).toMatchObject({ holes: 1, sockets: 1 });
    const again = new Screen(url, helloText({ cursor: a.cursor }), a.cursor);
    await again.got("caughtUp");
    expect(again.applied.map((resumed) => resumed.types)).toEqual([["sale.order.sent"], ["sale.order.completed"]]);
  });

  test("LOG-7: another epoch sends every screen for a snapshot", async () => {
    const { url, log, realtime } = await hub();
    log.append(mine, ["sale.order.created"]);
    const before = new Screen(url, helloText({ cursor: at(0n) }), at(0n));
    await before.got("caughtUp");
    const epoch = "01K00000000000000000000000";
    realtime.startEpoch({ epoch, positions: log.heads().map(() => 0n) });
    expect(await before.closed).toBe(4409);
    const after = new Screen(url, helloText({ cursor: before.cursor }), before.cursor);
    await after.got("caughtUp");
    expect(after.of("snapshotRequired")).toEqual([{ type: "snapshotRequired", reason: "other-epoch" }]);
    expect(after.of("caughtUp")[0]?.cursor).toEqual({ ...at("0"), epoch });
  });

  test("property: screens that come and go while the feed runs see every command once, whole and in order", async () => {
    const { url, log, realtime } = await hub({ limits: { ring: { frames: 30, bytes: 1e6 }, heartbeatMs: 15, indexReads: 2 } });
    const owners: Owner[] = [mine, { organizerId: "org_1", merchantId: "mer_3" }, other, { organizerId: "org_1" }];
    const expected = new Map<string, string[]>();
    let running = true;
    const feed = (async () => {
      for (let n = 0; n < 600; n++) {
        const owner = owners[Math.floor(Math.random() * owners.length)] ?? mine;
        const frame = log.append(owner, Array.from({ length: 1 + (n % 4) }, (_, k) => (k % 2 === 0 ? "sale.order.created" : "sale.check.updated")));
        const ids = frame.events.map((event) => (JSON.parse(event.text) as { id: string }).id).join("+");
        for (const merchant of ["mer_1", "mer_3", "mer_2"]) {
          const organizer = merchant === "mer_2" ? "org_2" : "org_1";
          if (owner.merchantId === merchant || (owner.merchantId === undefined && owner.organizerId === organizer)) expected.set(merchant, [...(expected.get(merchant) ?? []), ids]);
        }
        await (n % 3 === 0 ? pause(Math.random() * 5) : new Promise((resolve) => setImmediate(resolve)));
      }
      running = false;
    })();

    const follower = async (organizerId: string, merchantId: string) => {
      const seen: string[] = [];
      let cursor = { epoch: EPOCH, positions: Object.fromEntries([merchantId, organizerId].map((owner) => [String(shardOf(owner)), "0"])) };
      for (let rounds = 0; ; rounds++) {
        const last = !running;
        const screen = new Screen(url, helloText({ ticket: ticket({ organizerId, merchantId }), cursor }), cursor);
        if (last) await screen.got("caughtUp");
        else await pause(Math.random() * 60);
        screen.close();
        await screen.closed;
        expect(screen.steps.filter((step) => step !== "apply")).toEqual([]);
        seen.push(...screen.applied.map((frame) => frame.ids.join("+")));
        cursor = screen.cursor ?? cursor;
        if (last) return { seen, rounds };
      }
    };
    const followers = await Promise.all([...Array(3)].flatMap(() => [follower("org_1", "mer_1"), follower("org_1", "mer_3"), follower("org_2", "mer_2")]));
    await feed;
    for (const [place, { seen, rounds }] of followers.entries()) {
      const merchant = ["mer_1", "mer_3", "mer_2"][place % 3] ?? "";
      expect(rounds).toBeGreaterThan(3);
      // Across two shards there is no order; within each there is, and frames are whole.
      const byShard = (ids: readonly string[], of: number) => ids.filter((id) => id.startsWith(`evt_${of}_`));
      for (const owner of [merchant, merchant === "mer_2" ? "org_2" : "org_1"]) {
        expect(byShard(seen, shardOf(owner))).toEqual(byShard(expected.get(merchant) ?? [], shardOf(owner)));
      }
      expect(seen.length).toBe(expected.get(merchant)?.length);
    }
    expect(realtime.stats()).toMatchObject({ sockets: 0, audiences: 0, holes: 0, snapshots: 0 });
  }, 60_000);
});

describe("RT-3: alive or closed", () => {
  test("a heartbeat comes on time and moves the cursor over what was not for the screen", async () => {
    const { url, log } = await hub({ limits: { heartbeatMs: 40 } });
    const screen = new Screen(url, helloText({ cursor: at(0n) }), at(0n));
    await screen.got("caughtUp");
    log.append(mine, ["payroll.salary.paid"]);
    await poll(() => screen.cursor?.positions[String(shard)]).toBe("1");
    await pause(200);
    expect(screen.of("heartbeat").length).toBeGreaterThanOrEqual(4);
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
    const slow = connect(port, "127.0.0.1");
    const key = randomBytes(16).toString("base64");
    slow.write(`GET /ws HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: ${key}\r\nsec-websocket-version: 13\r\n\r\n`);
    await new Promise((resolve) => slow.once("data", resolve));
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
    const slow = connect(port, "127.0.0.1");
    const key = randomBytes(16).toString("base64");
    slow.write(`GET /ws HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: ${key}\r\nsec-websocket-version: 13\r\n\r\n`);
    await new Promise((resolve) => slow.once("data", resolve));
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
    const { url, realtime } = await hub({ authenticate: () => new Promise((resolve) => setTimeout(() => resolve(session), 100)) });
    const screen = new Screen(url, helloText());
    await poll(() => realtime.stats().sockets).toBe(1);
    await pause(30);
    realtime.endSessions({ deviceId: "dev_1" });
    expect(await screen.closed).toBe(4401);
    await pause(5);
    await new Screen(url, helloText()).got("caughtUp");
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
        socket.write(
          `GET /ws HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${value === "" ? "" : `origin: ${value}\r\n`}upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\nsec-websocket-version: 13\r\n\r\n`,
        ),
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
        const socket = connect(port, "127.0.0.1");
        socket.on("error", () => undefined);
        socket.write(`GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\nsec-websocket-version: 13\r\n\r\n`);
        await new Promise((resolve) => socket.once("data", resolve));
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

/** A text frame as a client sends it. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const key = randomBytes(4);
  const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, key, payload.map((byte, place) => byte ^ (key[place % 4] ?? 0))]);
}
