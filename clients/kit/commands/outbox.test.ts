import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import { CallFailed } from "../api.ts";
import { memoryShelf } from "../storage.ts";
import { envelope, frameOf, occupied, SHARD, TABLE } from "../testing/floor-fixture.ts";
import { ANNA, BEN, ORDER, PARTY, seat, settle, stage, unreachable } from "../testing/outbox-stage.ts";
import { stateOf, statesOf } from "../sync/world.ts";
import type { WorldStore } from "../sync/world-store.ts";

beforeEach(() => void vi.useFakeTimers());

describe("a command is shown at once and sent until it is answered", () => {
  test("what the waiter did is on the screen before the hub has answered", () => {
    const s = stage();
    s.post.mockReturnValue(new Promise(() => undefined));
    void s.outbox.submit(seat(), true);
    expect(s.parties()).toEqual([PARTY]);
    expect(statesOf(s.world.view.get().kinds, "party")).toMatchObject([{ id: PARTY, covers: 2, cleared: false }]);
    expect(stateOf(s.world.confirmed(), "table", TABLE)?.parties).toEqual([]);
  });

  test("it is on the shelf with the tap, and goes out when what it did has been painted", async () => {
    const shelf = memoryShelf();
    let paint: () => void = () => undefined;
    const s = stage(shelf, () => new Promise((painted) => (paint = painted)));
    void s.outbox.submit(seat(), true);
    await settle();
    expect(s.parties()).toEqual([PARTY]);
    expect(shelf.read("outbox")).toHaveLength(1);
    expect(s.post).not.toHaveBeenCalled();
    paint();
    await settle();
    expect(s.post).toHaveBeenCalledTimes(1);
    expect(shelf.read("outbox")).toEqual([]);
  });

  test("what nothing is drawn for goes out at once", async () => {
    const s = stage(memoryShelf(), () => new Promise(() => undefined));
    void s.outbox.submit(seat(), false);
    await settle();
    expect(s.post).toHaveBeenCalledTimes(1);
  });

  test("the frame takes the assumption's place, without a moment in which neither or both are there", async () => {
    const s = stage();
    const command = seat();
    const seen: unknown[] = [];
    s.world.view.subscribe(() => seen.push(s.parties()));
    const answered = s.outbox.submit(command, true);
    await settle();
    expect(await answered).toMatchObject({ ok: true });
    s.world.apply(frameOf(command.commandId, envelope("11", 1, PARTY, "allocation.usage.seated", { tables: [], covers: 2, server: { staff: ANNA, name: "Anna" }, order: ORDER }), occupied("12", 2, PARTY)));
    expect(s.parties()).toEqual([PARTY]);
    expect(s.outbox.assumed()).toEqual([]);
    for (const each of seen) expect(each).toEqual([PARTY]);
  });

  test("what comes as it was assumed stays the state that is shown; what comes otherwise takes its place", async () => {
    const table = (kinds: ReturnType<WorldStore["confirmed"]>) => stateOf(kinds, "table", TABLE);
    const s = stage();
    const command = seat();
    void s.outbox.submit(command, true);
    await settle();
    const assumed = table(s.world.view.get().kinds);
    s.world.apply(frameOf(command.commandId, occupied("12", 2, PARTY)));
    expect(assumed?.parties).toEqual([PARTY]);
    expect(table(s.world.view.get().kinds)).toBe(assumed);
    expect(table(s.world.confirmed())).toBe(assumed);

    const other = stage();
    void other.outbox.submit(seat(), true);
    await settle();
    other.world.apply(frameOf("other", occupied("12", 2, "pty_theirs")));
    expect(table(other.world.confirmed())?.parties).toEqual(["pty_theirs"]);
  });

  test("a frame that comes before its answer is not counted twice", async () => {
    const s = stage();
    const command = seat();
    let answer: (answer: CommandAnswer<unknown>) => void = () => undefined;
    s.post.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const answered = s.outbox.submit(command, true);
    s.world.apply(frameOf(command.commandId, occupied("12", 2, PARTY)));
    expect(s.parties()).toEqual([PARTY]);
    answer({ ok: true, result: {}, at: { shard: SHARD, from: "12", to: "12" } });
    await answered;
    expect(s.parties()).toEqual([PARTY]);
    expect(s.outbox.state.get().waiting).toBe(0);
  });

  test("an answer whose frame this screen may not see is confirmed by the cursor", async () => {
    const s = stage();
    void s.outbox.submit(seat(), true);
    await settle();
    expect(s.outbox.assumed()).toHaveLength(1);
    s.world.advance({ epoch: "01JD0000000000000000000000", positions: { [SHARD]: "12" } });
    expect(s.outbox.assumed()).toHaveLength(0);
  });
});

describe("a refusal takes back what was assumed", () => {
  test("the screen is as before, and the caller is told the code", async () => {
    const s = stage();
    s.truth.refuse = "table-occupied";
    const answered = s.outbox.submit(seat(), true);
    expect(s.parties()).toEqual([PARTY]);
    await settle();
    expect(await answered).toEqual({ ok: false, refusal: { refused: "table-occupied" } });
    expect(s.parties()).toEqual([]);
  });

  test("failure 1: another waiter's change stays while mine is refused, and mine is decided again over theirs", async () => {
    const s = stage();
    s.post.mockReturnValue(new Promise(() => undefined));
    void s.outbox.submit(seat("share"), true);
    s.world.apply(frameOf("other", occupied("11", 2, "pty_theirs")));
    expect(s.parties()).toEqual(["pty_theirs", PARTY]);
  });

  test("failure 2: what is refused here over the other's change is not shown, and left to the hub", () => {
    const s = stage();
    s.post.mockReturnValue(new Promise(() => undefined));
    void s.outbox.submit(seat("refuse"), true);
    s.world.apply(frameOf("other", occupied("11", 2, "pty_theirs")));
    expect(s.parties()).toEqual(["pty_theirs"]);
    expect(s.outbox.state.get().waiting).toBe(1);
  });

  test("a final no of the door is an answer too", async () => {
    const s = stage();
    s.post.mockRejectedValue(new CallFailed({ kind: "refused", refusal: { refused: "capability-missing" } }, undefined));
    const answered = s.outbox.submit(seat(), true);
    await settle();
    expect(await answered).toEqual({ ok: false, refusal: { refused: "capability-missing" } });
    expect(s.outbox.assumed()).toEqual([]);
  });
});

describe("failure 3: the ack is lost and the client sends again", () => {
  test("the same id goes out until there is an answer, and the hub has it once", async () => {
    const s = stage();
    s.post.mockImplementationOnce(async (command) => {
      s.truth.decide(command);
      throw unreachable;
    });
    const answered = s.outbox.submit(seat(), true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await answered).toMatchObject({ ok: true });
    const ids = s.post.mock.calls.map(([command]) => command.commandId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(s.truth.committed).toHaveLength(1);
    expect(s.parties()).toEqual([PARTY]);
  });

  test("an outage is said, tried at least every 2 s, and what was tapped first is sent first", async () => {
    const s = stage();
    s.post.mockRejectedValue(unreachable);
    const first = seat();
    const second = seat("share", "pty_01JD00000000000000000000P2");
    void s.outbox.submit(first, true);
    void s.outbox.submit(second, true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(s.outbox.state.get()).toMatchObject({ waiting: 2 });
    expect(s.outbox.state.get().stuckSince).not.toBeNull();
    expect(s.post.mock.calls.length).toBeGreaterThan(9);
    expect(s.parties()).toEqual([PARTY, "pty_01JD00000000000000000000P2"]);
    s.post.mockImplementation(async (command) => s.truth.decide(command));
    s.outbox.flush();
    await settle();
    expect(s.truth.committed).toEqual([first.commandId, second.commandId]);
    expect(s.outbox.state.get()).toEqual({ waiting: 0, stuckSince: null, needs: [] });
  });

  test("a hub that is flooded says when to come again, and is not asked before", async () => {
    const s = stage();
    s.post.mockRejectedValueOnce(new CallFailed({ kind: "unreachable", retryAfterMs: 6_000 }, undefined));
    const answered = s.outbox.submit(seat(), true);
    await vi.advanceTimersByTimeAsync(5_990);
    expect(s.post).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(await answered).toMatchObject({ ok: true });
    expect(s.post).toHaveBeenCalledTimes(2);
  });

  test("a reload in between loses nothing and doubles nothing", async () => {
    const before = stage();
    before.post.mockImplementation(async (command) => {
      before.truth.decide(command);
      throw unreachable;
    });
    const command = seat();
    void before.outbox.submit(command, true);
    await settle();
    const after = stage(before.shelf);
    after.post.mockImplementation(async (again) => before.truth.decide(again));
    after.outbox.restore();
    expect(after.parties()).toEqual([PARTY]);
    await settle();
    expect(before.truth.committed).toEqual([command.commandId]);
    expect(after.shelf.read("outbox")).toEqual([]);
  });
});

test("regression: what is refused after a reload is told, since nobody waits for its answer any more", async () => {
  const before = stage();
  before.post.mockRejectedValue(unreachable);
  const command = seat();
  void before.outbox.submit(command, true);
  await settle();
  const after = stage(before.shelf);
  after.truth.refuse = "table-occupied";
  after.outbox.restore();
  await settle();
  expect(after.late).toEqual([[command.commandId, "table-occupied"]]);
  expect(after.parties()).toEqual([]);
  expect(after.outbox.state.get().waiting).toBe(0);
});

describe("failure 20: the session ends while something waits", () => {
  test("an expired token is renewed and the same id sent again", async () => {
    const s = stage();
    s.post.mockRejectedValueOnce(new CallFailed({ kind: "unauthorized", refused: "session-expired", retryAfterMs: null }, undefined));
    const answered = s.outbox.submit(seat(), true);
    await settle();
    expect(await answered).toMatchObject({ ok: true });
    expect(s.renewSession).toHaveBeenCalledWith(ANNA);
    expect(s.truth.committed).toHaveLength(1);
  });

  test("without a session it waits for that person, while a colleague's commands go out", async () => {
    const s = stage();
    const over = new CallFailed({ kind: "unauthorized", refused: "session-expired", retryAfterMs: null }, undefined);
    s.post.mockImplementation(async (command) => {
      if (command.author === ANNA) throw over;
      return s.truth.decide(command);
    });
    s.renewSession.mockRejectedValue(over);
    const hers = seat();
    const his = seat("share", "pty_01JD00000000000000000000P2", BEN);
    void s.outbox.submit(hers, true);
    void s.outbox.submit(his, true);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(s.outbox.state.get()).toMatchObject({ waiting: 1, needs: [ANNA] });
    expect(s.truth.committed).toEqual([his.commandId]);
    expect(s.renewSession).toHaveBeenCalledTimes(1);
    s.post.mockImplementation(async (command) => s.truth.decide(command));
    s.outbox.resume(ANNA);
    await settle();
    expect(s.truth.committed).toEqual([his.commandId, hers.commandId]);
  });
});
