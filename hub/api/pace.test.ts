import type { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";
import { createPace } from "./pace.ts";
import { errorData } from "./refusals.ts";

const LIMITS = { device: { perSecond: 10, burst: 20, inFlight: 4 }, merchant: { perSecond: 30, burst: 60, inFlight: 8 } };

function paceAt(limits = LIMITS) {
  let at = 0;
  const pace = createPace(limits, () => at);
  const call = async (device: string, merchant = "mer_a") => pace.during({ device, merchant }, async () => "done").catch((error: unknown) => errorData(error as TRPCError));
  const calls = async (count: number, device: string, merchant?: string) => {
    const answers = [];
    for (let i = 0; i < count; i++) answers.push(await call(device, merchant));
    return answers;
  };
  return { pace, call, calls, pass: (ms: number) => (at += ms) };
}
const done = (answers: readonly unknown[]) => answers.filter((answer) => answer === "done").length;

test("a device that floods is slowed to its pace, told when to come again, and others are not", async () => {
  const { calls, call, pass, pace } = paceAt();
  expect(done(await calls(100, "dev_flood"))).toBe(20);
  expect(await call("dev_flood")).toEqual({ refused: "slow-down", of: "device", retryAfterMs: 100 });
  expect(done(await calls(20, "dev_quiet"))).toBe(20);
  pass(100);
  expect(done(await calls(5, "dev_flood"))).toBe(1);
  pass(1_000);
  expect(done(await calls(50, "dev_flood"))).toBe(10);
  pass(60_000);
  expect(done(await calls(50, "dev_flood"))).toBe(20);
  expect(pace.queues()).toEqual([
    { queue: "device-calls", length: 0, bound: 4, full: 81 + 4 + 40 + 30 },
    { queue: "merchant-calls", length: 0, bound: 8, full: 0 },
  ]);
});

test("a place whose many devices flood is slowed, another place is not", async () => {
  const { calls, call } = paceAt();
  let let_in = 0;
  for (let device = 0; device < 10; device++) let_in += done(await calls(20, `dev_${device}`));
  expect(let_in).toBe(60);
  expect(await call("dev_new")).toEqual({ refused: "slow-down", of: "place", retryAfterMs: 34 });
  expect(done(await calls(20, "dev_elsewhere", "mer_b"))).toBe(20);
});

test("regression: of snapshots a device has two under way, and what they weigh it waits for; others are not slowed", async () => {
  const { pace, call, calls, pass } = paceAt();
  const ends: (() => void)[] = [];
  const heavy = (device: string, weight: number) => pace.heavy(device, () => new Promise<void>((resolve) => ends.push(resolve)), () => weight).catch((error: unknown) => errorData(error as TRPCError));
  const answers = [heavy("dev_a", 15), heavy("dev_a", 1_000)];
  expect(await heavy("dev_a", 1)).toEqual({ refused: "slow-down", of: "device", retryAfterMs: 100 });
  answers.push(heavy("dev_b", 1));
  for (const end of ends) end();
  await Promise.all(answers);
  // It owes a second's calls, whatever it took.
  expect(await call("dev_a")).toEqual({ refused: "slow-down", of: "device", retryAfterMs: 1_100 });
  pass(1_100);
  expect(done(await calls(5, "dev_a"))).toBe(1);
  expect(done(await calls(25, "dev_b"))).toBe(20);
});

test("what a device is refused is not taken from its place", async () => {
  const { calls } = paceAt();
  await calls(1_000, "dev_flood");
  expect(done(await calls(20, "dev_1")) + done(await calls(20, "dev_2"))).toBe(40);
});

test("calls that hang are bounded, and a call that fails gives its place back", async () => {
  const { pace, call } = paceAt();
  let end = () => {};
  const hanging = Array.from({ length: 4 }, () => pace.during({ device: "dev_a", merchant: "mer_a" }, () => new Promise<void>((resolve) => (end = composed(end, resolve)))));
  expect(await call("dev_a")).toEqual({ refused: "slow-down", of: "device", retryAfterMs: 100 });
  expect(pace.queues()[0]).toMatchObject({ length: 4, bound: 4, full: 1 });
  end();
  await Promise.all(hanging);
  await expect(pace.during({ device: "dev_a", merchant: "mer_a" }, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(pace.queues()).toMatchObject([{ length: 0 }, { length: 0 }]);
});

test("no bound is no bound, and who has no device is bounded by the place alone", async () => {
  const off = paceAt({ device: { ...LIMITS.device, perSecond: 0 }, merchant: { ...LIMITS.merchant, perSecond: 0 } });
  expect(done(await off.calls(1_000, "dev_a"))).toBe(1_000);
  const { pace } = paceAt();
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => pace.during({ device: null, merchant: "mer_a" }, async () => "done")));
  expect(answers.filter(({ status }) => status === "fulfilled").length).toBe(8);
  await expect(pace.during({ device: null, merchant: null }, async () => "done")).resolves.toBe("done");
});

function composed(first: () => void, second: () => void): () => void {
  return () => {
    first();
    second();
  };
}

test("who was told to wait and comes all the same is refused by its token alone, until its time has come", async () => {
  const { pace, pass } = paceAt();
  const call = () => pace.during({ device: "dev_flood", merchant: "mer_a" }, async () => "done", "token").catch((error: unknown) => errorData(error as TRPCError));
  for (let n = 0; n < 20; n++) expect(await call()).toBe("done");
  expect(pace.slowed("token")).toBeUndefined();
  expect(await call()).toMatchObject({ refused: "slow-down" });
  expect(pace.slowed("token")).toEqual({ retryAfterMs: 100, of: "device", holdMs: 0 });
  pass(60);
  expect(pace.slowed("token")).toEqual({ retryAfterMs: 40, of: "device", holdMs: 0 });
  expect(pace.slowed("another")).toBeUndefined();
  expect(pace.queues()[0]).toMatchObject({ full: 3 });
  pass(40);
  expect(pace.slowed("token")).toBeUndefined();
  expect(await call()).toBe("done");
});

test("who is refused at the door again and again has its refusals held, and nobody else's", async () => {
  const { pace, pass } = paceAt({ device: { ...LIMITS.device, perSecond: 0.1 }, merchant: LIMITS.merchant });
  const flood = async (token: string) => {
    for (let n = 0; n <= 20; n++) await pace.during({ device: token, merchant: null }, async () => "done", token).catch(() => {});
    return Array.from({ length: 30 }, () => pace.slowed(token)?.holdMs);
  };
  const held = [...Array.from({ length: 20 }, () => 0), ...Array.from({ length: 10 }, () => 1_000)];
  expect(await flood("one")).toEqual(held);
  expect(await flood("two")).toEqual(held);
  pass(1_000);
  expect(pace.slowed("one")?.holdMs).toBe(0);
});

test("of who goes on flooding one call at a time is looked at when its time has come, and all again when it has rested", async () => {
  const { pace, pass } = paceAt();
  const call = () => pace.during({ device: "dev_flood", merchant: null }, async () => "done", "token").catch(() => "refused");
  const atDoor = () => (pace.slowed("token") === undefined ? "looked at" : "refused");
  for (let n = 0; n < 20; n++) await call();
  expect(await call()).toBe("refused");
  for (let n = 0; n <= 20; n++) expect(atDoor()).toBe("refused");
  for (let round = 0; round < 5; round++) {
    pass(100);
    expect(Array.from({ length: 5 }, atDoor)).toEqual(["looked at", "refused", "refused", "refused", "refused"]);
    expect(await call()).toBe("done");
  }
  pass(2_000);
  expect(Array.from({ length: 5 }, atDoor)).toEqual(Array.from({ length: 5 }, () => "looked at"));
});

test("who has too many calls under way is looked at each time: one of them may have ended", async () => {
  const { pace } = paceAt();
  let end = () => {};
  const hanging = Array.from({ length: 4 }, () => pace.during({ device: "dev_a", merchant: "mer_a" }, () => new Promise<void>((resolve) => (end = composed(end, resolve))), "token"));
  await expect(pace.during({ device: "dev_a", merchant: "mer_a" }, async () => "done", "token")).rejects.toThrow("slow-down");
  expect(pace.slowed("token")).toBeUndefined();
  end();
  await Promise.all(hanging);
});
