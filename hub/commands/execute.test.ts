import { expect, test } from "vitest";
import { ulid } from "ulidx";
import { z } from "zod";
import type { Tenant } from "#hub/db/client.ts";
import type { Ref } from "#shared/domain/aggregate.ts";
import type { CommandDefinition } from "#shared/domain/command.ts";
import { prefixed } from "#shared/ids.ts";
import { createExecutor } from "./execute.ts";
import type { HotStates } from "./hot-states.ts";
import type { Session } from "./session.ts";

const [ONE, OTHER] = ["chk_01JD0000000000000000000001", "chk_01JD0000000000000000000002"];
const SESSION = { organizer: prefixed("organizer", ulid()), merchant: null, device: null, staff: null, capabilities: ["order.take"] } as unknown as Session;

/** Reads two checks one after the other, as a merge does, and cannot be decided when both have the line. */
const merging = {
  type: "check.merge",
  version: 1,
  capability: "order.take",
  owner: "organizer",
  schema: z.object({}),
  reads: (_: unknown, reader: { get(kind: string, stream: string): unknown }) => [{ kind: "check", stream: ONE }, ...(reader.get("check", ONE) === undefined ? [] : [{ kind: "check", stream: OTHER }])],
  decide: (_: unknown, reader: { get(kind: string, stream: string): { has: boolean } | undefined }) => {
    if (reader.get("check", ONE)?.has && reader.get("check", OTHER)?.has) throw new Error("the line is on both");
    return { changes: [], result: {} };
  },
} as unknown as CommandDefinition;

/** `hasLine`: of each check, whenever it is read. */
function hub(hasLine: (check: string) => boolean) {
  const now = () => Date.parse("2026-11-22T19:00:00Z");
  const states = { read: async (_: Tenant, refs: readonly Ref[]) => new Map(refs.map(({ stream }) => [stream, { version: 1, state: { has: hasLine(stream) }, cached: false }])) };
  return createExecutor({
    states: states as unknown as HotStates,
    append: async () => ({ outcome: "appended", from: 1n, to: 1n, shard: 0, versions: new Map(), remaining: new Map() }) as never,
    now,
    newId: (kind) => prefixed(kind, ulid()),
  });
}

test("regression: two states that were read one before and one after a commit contradicted each other, and the call failed", async () => {
  let reads = 0;
  // The line goes from the one to the other between the two reads.
  const executor = hub((check) => check === OTHER || ++reads === 1);
  expect(await executor.execute(merging, { commandId: ulid(), input: {} }, SESSION)).toMatchObject({ outcome: "answered", answer: { ok: true } });
});

test("what cannot be decided on states that were read anew is a fault, and said", async () => {
  const executor = hub(() => true);
  await expect(executor.execute(merging, { commandId: ulid(), input: {} }, SESSION)).rejects.toThrow("the line is on both");
});
