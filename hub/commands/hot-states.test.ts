import { expect, test } from "vitest";
import type { Ref } from "#shared/domain/aggregate.ts";
import type { LoadedState } from "#hub/log/types.ts";
import { createHotStates } from "./hot-states.ts";

const tenant = { organizerId: "org_1", merchantId: "mer_1" };
const table = (stream: string): Ref => ({ kind: "table", stream });
const product = (stream: string): Ref => ({ kind: "product", stream });
const NOTHING: ReadonlySet<string> = new Set();

function fixture() {
  const loads: string[][] = [];
  let clock = 0;
  let version = 1;
  let answered = Promise.resolve();
  const states = createHotStates(
    async (_, refs) => {
      loads.push(refs.map(({ stream }) => stream));
      const loaded = refs.map(({ stream, kind }): LoadedState => ({ stream, kind, version, evolveVersion: 1, head: { id: stream, version }, parts: new Map() }));
      await answered;
      return loaded;
    },
    () => clock,
    { brief: { maxAgeMs: 15_000, maxWeight: 3 }, lasting: { maxAgeMs: 600_000, maxWeight: 1_000 } },
  );
  /** From now on loads have read what they read, and their answers are on the way until it is called. */
  const answerWhenTold = () => {
    let told = () => {};
    answered = new Promise((resolve) => (told = resolve));
    return told;
  };
  return { states, loads, pass: (ms: number) => (clock += ms), grow: () => version++, answerWhenTold };
}

test("misses of one turn are one load; what is known is not loaded again", async () => {
  const { states, loads } = fixture();
  await Promise.all([states.read(tenant, [table("a"), table("b")], NOTHING), states.read(tenant, [table("b"), table("c")], NOTHING)]);
  expect(loads).toEqual([["a", "b", "c"]]);
  expect((await states.read(tenant, [table("b")], NOTHING)).get("b")).toMatchObject({ version: 1, cached: true });
  expect(loads).toHaveLength(1);
});

test("another tenant finds nothing under a known id, and an id of another kind is not taken for it", async () => {
  const { states, loads } = fixture();
  await states.read(tenant, [table("a")], NOTHING);
  await states.read({ organizerId: "org_2", merchantId: "mer_2" }, [table("a")], NOTHING);
  await states.read(tenant, [{ kind: "party", stream: "a" }], NOTHING);
  expect(loads).toEqual([["a"], ["a"], ["a"]]);
});

test("what must be fresh, is too old, was evicted or is known to have moved is loaded", async () => {
  const { states, loads, pass, grow } = fixture();
  const read = (fresh: ReadonlySet<string> = NOTHING) => states.read(tenant, [table("a")], fresh);
  await read();
  await read(new Set(["a"]));
  expect(loads).toHaveLength(2);
  states.noticed("mer_1", "a", 1);
  await read();
  expect(loads).toHaveLength(2);
  grow();
  states.noticed("mer_1", "a", 2);
  expect((await read()).get("a")?.version).toBe(2);
  states.evict(tenant, ["a"]);
  await read();
  pass(15_001);
  await read();
  expect(loads).toHaveLength(5);
});

test("a late load does not put an older state over a newer one, and what nobody has used for a second goes first", async () => {
  const { states, loads, pass } = fixture();
  states.put(tenant, table("a"), { version: 7, state: undefined });
  states.put(tenant, table("a"), { version: 6, state: undefined });
  expect((await states.read(tenant, [table("a")], NOTHING)).get("a")?.version).toBe(7);
  for (const stream of ["b", "c"]) states.put(tenant, table(stream), { version: 1, state: undefined });
  pass(1_001);
  await states.read(tenant, [table("a")], NOTHING);
  states.put(tenant, table("d"), { version: 1, state: undefined });
  await states.read(tenant, [table("a"), table("b")], NOTHING);
  expect(loads).toEqual([["b"]]);
});

test("what is too old to be used is not kept, however much room there is", async () => {
  const { states, pass } = fixture();
  await states.read(tenant, [table("a"), table("b")], NOTHING);
  pass(14_000);
  // In use all the time, and as old as the other.
  await states.read(tenant, [table("b")], NOTHING);
  pass(1_001);
  await states.read(tenant, [table("c")], NOTHING);
  expect(states.size()).toBe(2);
  pass(15_001);
  await states.read(tenant, [table("d")], NOTHING);
  expect(states.size()).toBe(1);
});

test("the menu is kept for minutes, until somebody changes it, however far its loads are behind", async () => {
  const { states, loads, pass, grow, answerWhenTold } = fixture();
  const read = async () => (await states.read(tenant, [product("p")], NOTHING)).get("p");
  await read();
  pass(599_000);
  expect(await read()).toMatchObject({ version: 1, cached: true });
  pass(1_001);
  const answer = answerWhenTold();
  const overtaken = read();
  await new Promise((passed) => setImmediate(passed));
  states.noticed("mer_1", "p", 2);
  grow();
  answer();
  expect(await overtaken).toMatchObject({ version: 1, cached: false });
  expect(await read()).toMatchObject({ version: 2, cached: false });
  expect(await read()).toMatchObject({ version: 2, cached: true });
  // Its own word may come after the notice of a later one.
  states.put(tenant, product("p"), { version: 2, state: undefined });
  expect(await read()).toMatchObject({ cached: false });
  expect(loads).toHaveLength(4);
});

test("what was forgotten altogether does not come back with a load that began before", async () => {
  const { states, answerWhenTold } = fixture();
  const answer = answerWhenTold();
  const read = states.read(tenant, [product("p")], NOTHING);
  await new Promise((passed) => setImmediate(passed));
  states.clear();
  answer();
  await read;
  expect(states.size()).toBe(0);
});

test("menus are bounded by what they weigh, and leave no room to orders nor take theirs", async () => {
  const { states } = fixture();
  await states.read(tenant, ["a", "b", "c"].map(table), NOTHING);
  await states.read(tenant, Array.from({ length: 50 }, (_, i) => product(`p${i}`)), NOTHING);
  expect(states.size()).toBeGreaterThan(5);
  expect(states.size()).toBeLessThan(20);
  expect((await states.read(tenant, [table("a")], NOTHING)).get("a")).toMatchObject({ cached: true });
});
