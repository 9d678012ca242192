import { expect, test } from "vitest";
import { z } from "zod";
import type { AppendCommand } from "#hub/log/types.ts";
import { change, command } from "#shared/domain/deciding.ts";
import { id, WAITER } from "#shared/domain/testing/given.ts";
import { createExecutor } from "./execute.ts";
import type { HotStates } from "./hot-states.ts";

const MERCHANT = id("merchant", 1);
const session = { id: "s", organizer: id("organizer", 1), merchant: MERCHANT, device: null, deviceName: null, staff: { id: WAITER.staff ?? "", name: "Mai", color: "#112233" }, capabilities: WAITER.capabilities, expiresAt: Infinity } as const;

/** The streams that the log was asked to hold still for a command that says something on another. */
async function heldBy(type: "payment.test" | "order.test") {
  const appended: AppendCommand[] = [];
  const states = { read: async (_: unknown, refs: readonly { stream: string }[]) => new Map(refs.map(({ stream }) => [stream, { version: 7, state: undefined, cached: false }])), put: () => undefined, evict: () => undefined } as unknown as HotStates;
  const executor = createExecutor({
    states,
    now: () => Date.parse("2026-11-20T12:00:00.000Z"),
    newId: (kind) => id(kind, 1),
    append: async (asked) => {
      appended.push(asked);
      return { outcome: "appended", shard: 0, events: [], versions: new Map(), remaining: new Map() };
    },
  });
  const definition = command({
    type,
    version: 1,
    capability: "order.take",
    owner: "merchant",
    schema: z.object({}),
    reads: () => [],
    decide: () => ({ changes: [change("till", "til_1", [{ type: "cash.till.occupied", data: { drawer: id("drawer", 1), name: "Till 1" } }])], result: {} }),
  });
  await executor.execute(definition, { commandId: "01JD0000000000000000000000", input: {} }, session);
  return appended.flatMap(({ changes }) => changes.map(({ stream, expected, events }) => [stream, expected, events.length]));
}

test("DOM-17: a payment stood after the day's close with the closed day's date: what is dated by the open day holds the merchant as it was read", async () => {
  expect(await heldBy("payment.test")).toEqual([["til_1", 0, 1], [MERCHANT, 7, 0]]);
  expect(await heldBy("order.test")).toEqual([["til_1", 0, 1]]);
});
