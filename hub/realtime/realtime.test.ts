import { afterEach, describe, expect, test } from "vitest";
import { merchantRoom, organizerRoom } from "#shared/protocol/rooms.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { shardOf } from "#shared/shards.ts";
import type { EventIndex, Owner } from "./types.ts";
import { EPOCH, helloText, rehearse, Screen, ticket, type Rehearsal } from "./testing/rehearsal.ts";

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
    // What was not for them came before these, if it came.
    log.append(mine, ["sale.check.created"]);
    log.append(other, ["sale.check.created"]);
    await poll(() => [a, b].map((screen) => screen.applied.at(-1)?.types[0])).toEqual(["sale.check.created", "sale.check.created"]);
    expect(a.applied.map((frame) => frame.types[0])).toEqual(["sale.order.created", "identity.staff.created", "sale.check.created"]);
    expect(b.ids).toEqual([`evt_${shardOf("mer_2")}_1`, `evt_${shardOf("mer_2")}_2`]);
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
    // What was not for them came before this, if it came.
    log.append(mine, ["stock.countdown.set"]);
    await poll(() => [cook, cashier, nobody].map((screen) => screen.applied.at(-1)?.types)).toEqual(Array(3).fill(["stock.countdown.set"]));
    expect(cook.applied.map((frame) => frame.types)).toEqual([["sale.order.itemsAdded", "stock.countdown.taken"], ["stock.countdown.set"]]);
    expect(cashier.applied.map((frame) => frame.types)).toEqual([["sale.order.itemsAdded", "sale.check.updated", "stock.countdown.taken"], ["sale.check.paid"], ["stock.countdown.set"]]);
    expect(nobody.applied.map((frame) => frame.types)).toEqual([["stock.countdown.taken"], ["stock.countdown.set"]]);
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

  test("more screens than may wait for Postgres are told to come again, the others catch up, and the queue says that it was full", async () => {
    const held: (() => void)[] = [];
    let free = false;
    const index = (log: Rehearsal["log"]): EventIndex => ({
      head: log.index.head,
      async read(...asked) {
        if (!free) await new Promise<void>((resolve) => held.push(resolve));
        return log.index.read(...asked);
      },
    });
    let memory: Rehearsal["log"] | undefined;
    const late: EventIndex = { head: (...asked) => index(memory as Rehearsal["log"]).head(...asked), read: (...asked) => index(memory as Rehearsal["log"]).read(...asked) };
    const { url, log, realtime, errors } = await hub({ index: late, limits: { indexReads: 1, waitingReads: 2, ring: { frames: 1, bytes: 1e6 } } });
    memory = log;
    for (let n = 0; n < 7; n++) log.append(mine, ["sale.order.created"]);
    const catchingUp = () => realtime.queues().find(({ queue }) => queue === "catching-up");
    const screens: Screen[] = [];
    // Each from further back than those before it, whose reads do not bring it all that it misses.
    const from = () => at(BigInt(5 - screens.length));
    const come = () => void screens.push(new Screen(url, helloText({ cursor: from() }), from()));
    come();
    await poll(() => held.length).toBe(1);
    for (const waiting of [1, 2]) {
      come();
      await poll(() => catchingUp()?.length).toBe(waiting);
    }
    come();
    const turnedAway = screens[3] as Screen;
    expect(await turnedAway.closed).toBe(1013);
    expect(turnedAway.of("bye")).toEqual([{ type: "bye", reason: "unavailable" }]);
    expect(catchingUp()).toEqual({ queue: "catching-up", length: 2, bound: 2, full: 1 });
    expect(errors.splice(0)).toHaveLength(1);

    free = true;
    for (const go of held.splice(0)) go();
    await Promise.all(screens.slice(0, 3).map((screen) => screen.got("caughtUp")));
    come();
    await screens[4]?.got("caughtUp");
    for (const n of [0, 1, 2, 4]) expect(screens[n]?.of("frame").map(({ to }) => Number(to))).toEqual([2, 3, 4, 5, 6, 7].slice(4 - n));
    expect(catchingUp()).toMatchObject({ length: 0, full: 1 });
  });

  test("screens of a place that come back together share a read of Postgres, also from different positions; another place's do not", async () => {
    const read: [owner: string | undefined, after: bigint][] = [];
    let go = () => {};
    const free = new Promise<void>((resolve) => (go = resolve));
    let memory: Rehearsal["log"]["index"] | undefined;
    const index: EventIndex = {
      head: async (of) => (await memory?.head(of)) ?? 0n,
      async read(owner, of, after, limit) {
        read.push([owner.merchantId, after]);
        await free;
        return (await memory?.read(owner, of, after, limit)) ?? [];
      },
    };
    const { url, log } = await hub({ index, limits: { indexReads: 4, ring: { frames: 1, bytes: 1e6 } } });
    memory = log.index;
    for (let n = 0; n < 6; n++) log.append(mine, ["sale.order.created"]);
    for (let n = 0; n < 3; n++) log.append(other, ["sale.order.created"]);
    const come = (after: bigint, more: object = {}) => new Screen(url, helloText({ cursor: at(after), ...more }), at(after));
    const first = come(1n);
    await poll(() => read.length).toBe(1);
    const screens = [first, ...[1n, 1n, 3n, 2n].map((after) => come(after))];
    const elsewhere = { epoch: EPOCH, positions: { [String(shardOf("org_2"))]: "0", [String(shardOf("mer_2"))]: "0" } };
    const stranger = new Screen(url, helloText({ cursor: elsewhere, ticket: ticket(other) }), elsewhere);
    await Promise.all([...screens, stranger].map((screen) => screen.got("welcome")));
    await poll(() => read.length).toBe(2);
    // What comes while they read is theirs by the feed, or by a read that begins later.
    log.append(mine, ["sale.order.sent"]);
    go();
    await Promise.all([...screens, stranger].map((screen) => screen.got("caughtUp")));
    await poll(() => screens.map((screen) => screen.of("frame").map(({ to }) => Number(to)))).toEqual([1, 1, 1, 3, 2].map((after) => [2, 3, 4, 5, 6, 7].slice(after - 1)));
    expect(stranger.of("frame").map(({ to }) => to)).toEqual(["1", "2", "3"]);
    expect(read.filter(([, after]) => after < 6n)).toEqual([["mer_1", 1n], ["mer_2", 0n]]);
  });

  test("who missed little is not sent for a snapshot by a read for one who missed too much", async () => {
    const { url, log } = await hub({ limits: { maxResumeEvents: 4, indexReads: 1, ring: { frames: 1, bytes: 1e6 } } });
    for (let n = 0; n < 8; n++) log.append(mine, ["sale.order.created"]);
    const screens = [0n, 5n].map((after) => new Screen(url, helloText({ cursor: at(after) }), at(after)));
    await Promise.all(screens.map((screen) => screen.got("caughtUp")));
    expect(screens.map((screen) => screen.of("snapshotRequired").map(({ reason }) => reason))).toEqual([["too-old"], []]);
    expect(screens[1]?.of("frame").map(({ to }) => to)).toEqual(["6", "7", "8"]);
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

  test.each([
    ["at once", {}],
    ["together", { manyDeliveries: 0, togetherMs: 10 }],
  ])("property: screens that come and go while the feed runs, its frames sent %s, see every command once, whole and in order", async (_, sending) => {
    const { url, log, realtime } = await hub({ limits: { ring: { frames: 30, bytes: 1e6 }, heartbeatMs: 15, indexReads: 2, ...sending } });
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
