import { beforeEach, describe, expect, test, vi } from "vitest";
import { eventDefinition } from "#shared/events/catalog.ts";
import type { EventDefinition } from "#shared/events/define.ts";
import { upToDate } from "#shared/events/read.ts";
import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import { CallFailed } from "../api.ts";
import { envelope, EPOCH, folding, occupied, snapshotAt, TABLE } from "../testing/floor-fixture.ts";
import { Connection, type ConnectionPorts, type SocketHandlers } from "./connection.ts";
import { stateOf, type Folding, type Snapshot } from "./world.ts";
import { WorldStore } from "./world-store.ts";

const OTHER_EPOCH = "01JE0000000000000000000000";
const at = (position: string, epoch = EPOCH) => ({ epoch, positions: { "3": position } });

type FakeSocket = SocketHandlers & { readonly sent: unknown[]; isClosed: boolean; say(message: object): void };

function stage(ports: Partial<ConnectionPorts> = {}, folds: Folding = folding) {
  const sockets: FakeSocket[] = [];
  const world = new WorldStore(folds, () => "x", (paint) => paint());
  const snapshot = vi.fn(async (): Promise<Snapshot> => snapshotAt("10"));
  const ticket = vi.fn(async () => "ticket");
  const connection = new Connection(
    {
      openSocket(handlers) {
        const socket: FakeSocket = { ...handlers, sent: [], isClosed: false, say: (message) => handlers.message(JSON.stringify(message)) };
        sockets.push(socket);
        return {
          send: (text) => void socket.sent.push(JSON.parse(text)),
          close: () => {
            socket.isClosed = true;
          },
        };
      },
      ticket,
      snapshot,
      renewSession: async () => true,
      learnTime: () => undefined,
      now: Date.now,
      random: () => 0.5,
      setTimer: (action, ms) => setTimeout(action, ms),
      clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
      ...ports,
    },
    world,
  );
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  };
  async function goLive(position = "10", epoch = EPOCH) {
    await settle();
    last().opened();
    last().say({ type: "welcome", protocol: 1, epoch, serverTime: "2026-11-20T12:00:00.000Z", cursor: at(position, epoch), topics: [] });
    last().say({ type: "caughtUp", cursor: at(position, epoch), seq: 0 });
  }
  const beat = (seq: number, position: string) => last().say({ type: "heartbeat", serverTime: "2026-11-20T12:00:00.000Z", cursor: at(position), seq });
  const frame = (seq: number, position: string, version: number, party: string) =>
    last().say({ type: "frame", seq, shard: 3, from: position, to: position, commandId: "c", at: "t", events: [occupied(position, version, party)] });
  const parties = () => stateOf(world.view.get().kinds, "table", TABLE)?.parties;
  return { connection, world, sockets, last, goLive, beat, frame, parties, settle, snapshot, ticket };
}

beforeEach(() => void vi.useFakeTimers());

describe("RT-2, RT-3: one socket, for ever", () => {
  test("takes a snapshot, says hello with its cursor, and folds what follows", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    expect(s.last().sent).toEqual([{ type: "hello", protocol: 1, ticket: "ticket", cursor: at("10") }]);
    s.frame(1, "11", 2, "pty_A");
    expect(s.parties()).toEqual(["pty_A"]);
    expect(s.connection.state.get().phase).toBe("live");
  });

  test("failure 20: after a break it resumes from its cursor by itself, without a snapshot or a reload", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    s.frame(1, "11", 2, "pty_A");
    s.last().closed();
    await vi.advanceTimersByTimeAsync(2000);
    s.last().opened();
    expect(s.last().sent).toEqual([{ type: "hello", protocol: 1, ticket: "ticket", cursor: at("11") }]);
    s.last().say({ type: "frame", shard: 3, from: "12", to: "12", commandId: "d", at: "t", events: [occupied("12", 3, "pty_B")] });
    expect(s.parties()).toEqual(["pty_A", "pty_B"]);
    expect(s.snapshot).toHaveBeenCalledTimes(1);
  });

  test("DOM-12: 5 s without a word is stale, said and tried again; the next word ends it", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    await vi.advanceTimersByTimeAsync(4400);
    expect(s.connection.state.get().stale).toBe(false);
    await vi.advanceTimersByTimeAsync(1200);
    expect(s.connection.state.get().stale).toBe(true);
    expect(s.sockets[0]?.isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    await s.goLive();
    expect(s.connection.state.get()).toMatchObject({ phase: "live", stale: false });
  });

  test("heartbeats keep it alive and move the cursor", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(2000);
      s.beat(0, String(11 + i));
    }
    expect(s.connection.state.get()).toMatchObject({ phase: "live", stale: false });
    expect(s.world.cursor()).toEqual(at("20"));
    expect(s.sockets).toHaveLength(1);
  });

  test("a lost frame is found by its number and fetched by the cursor", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    s.frame(2, "12", 3, "pty_B");
    expect(s.parties()).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    s.last().opened();
    expect(s.last().sent).toMatchObject([{ cursor: at("10") }]);
  });

  test("an event missing in a stream brings a new snapshot", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    s.frame(1, "12", 5, "pty_B");
    await vi.advanceTimersByTimeAsync(2000);
    expect(s.snapshot).toHaveBeenCalledTimes(2);
  });

  test("LOG-7: another epoch brings a new snapshot, under frames that are kept for after it", async () => {
    const s = stage();
    s.connection.start();
    await s.settle();
    s.snapshot.mockImplementation(async () => ({ ...snapshotAt("3"), epoch: OTHER_EPOCH, cursor: at("3", OTHER_EPOCH) }));
    s.last().opened();
    s.last().say({ type: "snapshotRequired", reason: "other-epoch" });
    s.last().say({ type: "caughtUp", cursor: at("3", OTHER_EPOCH), seq: 0 });
    s.frame(1, "4", 2, "pty_new");
    await s.settle();
    expect(s.parties()).toEqual(["pty_new"]);
    expect(s.world.cursor()).toEqual(at("4", OTHER_EPOCH));
    expect(s.connection.state.get().phase).toBe("live");
  });

  test("failure 20: a session that ended stops the trying and says so; signing in goes on", async () => {
    const s = stage({ renewSession: async () => false });
    s.connection.start();
    await s.goLive();
    s.last().say({ type: "bye", reason: "session-ended" });
    await s.settle();
    expect(s.connection.state.get().phase).toBe("signed-out");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(s.sockets).toHaveLength(1);
    expect(s.connection.state.get().stale).toBe(false);
    s.connection.wake();
    await s.goLive();
    expect(s.connection.state.get().phase).toBe("live");
  });

  test("failure 20: a session that expired is renewed and the socket comes back by cursor", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    s.frame(1, "11", 2, "pty_A");
    s.last().say({ type: "bye", reason: "session-expired" });
    await vi.advanceTimersByTimeAsync(2000);
    await s.goLive("11");
    expect(s.connection.state.get().phase).toBe("live");
    expect(s.snapshot).toHaveBeenCalledTimes(1);
  });

  test("a ticket that is refused for want of a session is no reason to spin", async () => {
    const s = stage();
    s.ticket.mockRejectedValue(new CallFailed({ kind: "unauthorized", refused: "session-expired", retryAfterMs: null }, undefined));
    s.connection.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(s.ticket).toHaveBeenCalledTimes(1);
    expect(s.connection.state.get().phase).toBe("signed-out");
  });

  test("an unreachable hub is tried at least every 2 s, and at once when the network wakes", async () => {
    const s = stage();
    s.ticket.mockRejectedValue(new CallFailed({ kind: "unreachable" }, undefined));
    s.connection.start();
    await vi.advanceTimersByTimeAsync(20_000);
    const tries = s.ticket.mock.calls.length;
    expect(tries).toBeGreaterThanOrEqual(10);
    expect(tries).toBeLessThan(30);
    s.connection.wake();
    await s.settle();
    expect(s.ticket).toHaveBeenCalledTimes(tries + 1);
  });

  test("a socket that opens and never speaks is given up", async () => {
    const s = stage();
    s.connection.start();
    await s.settle();
    s.last().opened();
    await vi.advanceTimersByTimeAsync(8000);
    expect(s.sockets.length).toBeGreaterThan(1);
    expect(s.sockets[0]?.isClosed).toBe(true);
  });

  test("another window of the device has the socket: no tug of war", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    s.last().say({ type: "bye", reason: "replaced" });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(s.connection.state.get().phase).toBe("elsewhere");
    expect(s.sockets).toHaveLength(1);
  });

  test.each([
    ["newer", PROTOCOL_VERSION + 1, "outdated", 1],
    ["older, as in a rolling upgrade", PROTOCOL_VERSION - 1, "live", 2],
  ] as const)("a hub that speaks a protocol that is %s", async (_, protocol, phase, sockets) => {
    const s = stage();
    s.connection.start();
    await s.settle();
    s.last().opened();
    s.last().say({ type: "refused", code: "protocol", protocol });
    await vi.advanceTimersByTimeAsync(1_000);
    if (phase === "live") await s.goLive();
    expect(s.connection.state.get().phase).toBe(phase);
    expect(s.sockets).toHaveLength(sockets);
  });

  test("EVT-7: an event in a newer version is not folded, the app asks to be loaded anew; one in an older version is brought up to date", async () => {
    const TYPE = "allocation.table.occupied";
    // Here the event is at its second version; in the first its party was called guests.
    const second: EventDefinition = { ...(eventDefinition(TYPE) as EventDefinition), version: 2, upcasters: [(data) => ({ party: (data as { guests: string }).guests })] };
    const s = stage({}, { ...folding, upToDate: (event) => upToDate(event, () => second) });
    s.connection.start();
    await s.goLive();
    const say = (seq: number, position: string, version: number, dataversion: number, data: object) =>
      s.last().say({ type: "frame", seq, shard: 3, from: position, to: position, commandId: "c", at: "t", events: [{ ...envelope(position, version, TABLE, TYPE, data), dataversion }] });
    say(1, "11", 2, 1, { guests: "pty_A" });
    say(2, "12", 3, 2, { party: "pty_B" });
    expect(s.parties()).toEqual(["pty_A", "pty_B"]);
    say(3, "13", 4, 3, { parties: ["pty_C"] });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(s.connection.state.get().phase).toBe("outdated");
    expect(s.parties()).toEqual(["pty_A", "pty_B"]);
    expect(s.world.cursor()).toEqual(at("12"));
    expect(s.last().isClosed).toBe(true);
    expect(s.sockets).toHaveLength(1);
  });

  test("what is no message of the protocol is not listened to", async () => {
    const s = stage();
    s.connection.start();
    await s.goLive();
    s.last().message("{");
    s.last().message('{"type":"frame"}');
    s.frame(1, "11", 2, "pty_A");
    expect(s.parties()).toEqual(["pty_A"]);
  });
});
