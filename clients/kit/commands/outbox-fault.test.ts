import { TRPCClientError } from "@trpc/client";
import { beforeEach, expect, test, vi } from "vitest";
import { CallFailed, classify } from "../api.ts";
import { frameOf, occupied } from "../testing/floor-fixture.ts";
import { PARTY, seat, settle, stage, unreachable } from "../testing/outbox-stage.ts";
import type { Waiting } from "./outbox.ts";

const SECOND = "pty_01JD00000000000000000000P2";
const answeredWith = (code: string, fields = {}) => new CallFailed(classify(TRPCClientError.from({ error: { message: code, code: -32_603, data: { code, ...fields } } })), undefined);
/** The hub has a fault at a command (500). */
const fault = answeredWith("INTERNAL_SERVER_ERROR", { httpStatus: 500 });

beforeEach(() => void vi.useFakeTimers());

/** `bad` is a fault every time; with `commits`, behind its commit. */
function faultAt(s: ReturnType<typeof stage>, bad: Waiting, commits = false): void {
  s.post.mockImplementation(async (command) => {
    if (command.commandId !== bad.commandId || commits) s.truth.decide(command);
    if (command.commandId === bad.commandId) throw fault;
    return s.truth.decide(command);
  });
}

test("regression: after six faults of the hub (500) in 30 s a command steps aside and is told, and what its author tapped afterwards goes on", async () => {
  const s = stage();
  const [bad, next] = [seat(), seat("share", SECOND)];
  faultAt(s, bad);
  const answered = s.outbox.submit(bad, true);
  void s.outbox.submit(next, true);
  await vi.advanceTimersByTimeAsync(29_900);
  expect(s.late).toEqual([]);
  expect(s.shelf.read("outbox")).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await answered).toEqual({ ok: false, refusal: { refused: "hub-fault", done: false } });
  expect(s.late).toEqual([[bad.commandId, "hub-fault"]]);
  expect(s.truth.committed).toEqual([next.commandId]);
  expect(s.parties()).toEqual([SECOND]);
  expect(s.shelf.read("outbox")).toEqual([]);
  expect(s.outbox.state.get()).toEqual({ waiting: 0, stuckSince: null, needs: [] });
});

test("regression: it steps aside after the page was loaded anew as well, and is told once", async () => {
  const before = stage();
  const bad = seat();
  faultAt(before, bad);
  void before.outbox.submit(bad, true);
  await settle();
  const after = stage(before.shelf);
  faultAt(after, bad);
  after.outbox.restore();
  const next = seat("share", SECOND);
  void after.outbox.submit(next, true);
  await vi.advanceTimersByTimeAsync(50_000);
  expect(after.late).toEqual([[bad.commandId, "hub-fault"]]);
  expect(after.truth.committed).toEqual([next.commandId]);
});

test("a fault that passes ends in the answer, once and with the same id", async () => {
  const s = stage();
  s.post.mockRejectedValueOnce(fault).mockRejectedValueOnce(fault);
  const command = seat();
  const answered = s.outbox.submit(command, true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await answered).toMatchObject({ ok: true });
  expect(s.post.mock.calls.map(([sent]) => sent.commandId)).toEqual([command.commandId, command.commandId, command.commandId]);
  expect(s.truth.committed).toEqual([command.commandId]);
  expect(s.late).toEqual([]);
});

test("a burst of faults counts as one, and the time of an outage between two does not count", async () => {
  const s = stage();
  s.post.mockRejectedValue(fault);
  void s.outbox.submit(seat(), true);
  for (let i = 0; i < 50; i++) {
    await vi.advanceTimersByTimeAsync(100);
    s.outbox.flush();
  }
  s.post.mockRejectedValue(unreachable);
  await vi.advanceTimersByTimeAsync(120_000);
  s.post.mockRejectedValue(fault);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(s.outbox.state.get().waiting).toBe(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(s.outbox.state.get().waiting).toBe(0);
});

test.each([unreachable, answeredWith("SERVICE_UNAVAILABLE", { refused: "unavailable" }), answeredWith("TIMEOUT"), answeredWith("TOO_MANY_REQUESTS", { refused: "slow-down", retryAfterMs: 40 })])(
  "what says nothing of the command never makes it step aside: $failure",
  async (passing) => {
    const s = stage();
    s.post.mockRejectedValue(passing);
    void s.outbox.submit(seat(), true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(s.outbox.state.get().waiting).toBe(1);
    expect(s.late).toEqual([]);
  },
);

test("a fault behind the commit: what came by the stream is shown, and is told to be done when it came in time", async () => {
  for (const comes of ["before", "after"]) {
    const s = stage();
    const bad = seat();
    faultAt(s, bad, true);
    const answered = s.outbox.submit(bad, true);
    const frame = () => s.world.apply(frameOf(bad.commandId, occupied("12", 2, PARTY)));
    if (comes === "before") frame();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answered).toEqual({ ok: false, refusal: { refused: "hub-fault", done: comes === "before" } });
    if (comes === "after") frame();
    expect(s.parties()).toEqual([PARTY]);
    expect(s.truth.committed).toEqual([bad.commandId]);
    expect(s.late).toEqual([[bad.commandId, "hub-fault"]]);
  }
});
