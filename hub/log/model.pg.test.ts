import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shardOf } from "#shared/shards.ts";
import type { EventLog } from "./append.ts";
import { readRange } from "./read.ts";
import { change, command, event, newMerchant, ulid } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import type { AppendCommand, AppendOutcome } from "./types.ts";

let it: LogUnderTest;
let other: EventLog;
beforeAll(async () => {
  it = await openLog();
  other = await it.another();
});
afterAll(() => it.close());

type Step = { stream: number; second: number | undefined; behind: number; take: number | undefined; events: number; repeatOf: number | undefined; forged: boolean; hub: 0 | 1 };

const step: fc.Arbitrary<Step> = fc.record({
  stream: fc.nat({ max: 3 }),
  second: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  behind: fc.constantFrom(0, 0, 0, 1),
  take: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  events: fc.integer({ min: 1, max: 3 }),
  repeatOf: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
  forged: fc.boolean(),
  hub: fc.constantFrom(0, 1),
});

/** What the log should be after a command, in the plainest words. */
type Model = { versions: Map<string, number>; left: number; answers: Map<string, { hash: string; answer: string }> };

function apply(model: Model, sent: AppendCommand): AppendOutcome["outcome"] {
  const known = model.answers.get(sent.commandId);
  if (known !== undefined) return known.hash === sent.hash ? "repeat" : "reused-id";
  if (sent.changes.some(({ stream, expected }) => expected !== (model.versions.get(stream) ?? 0))) return "conflict";
  const takes = sent.counts.reduce((sum, count) => sum + ("take" in count ? Number(count.take) : 0), 0);
  if (takes > model.left) return "shortage";
  for (const { stream, events } of sent.changes) model.versions.set(stream, (model.versions.get(stream) ?? 0) + events.length);
  model.left -= takes;
  model.answers.set(sent.commandId, { hash: sent.hash, answer: sent.answer });
  return "appended";
}

test("random commands, waves of them at once over two hubs: the log is what some order of the answered ones makes it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }), async (waves) => {
      const owner = newMerchant();
      const product = `prd_${ulid()}`;
      const streams = Array.from({ length: 4 }, () => `ord_${ulid()}`);
      await it.log.append(command(owner, [], { counts: [{ product, set: "12" }] }));
      const model: Model = { versions: new Map(), left: 12, answers: new Map() };
      const history: AppendCommand[] = [];

      for (const wave of waves) {
        const sent = wave.map(({ hub, ...rest }) => ({ hub, sent: toCommand(rest) }));
        history.push(...sent.map((each) => each.sent));
        const outcomes = await Promise.all(sent.map((each) => (each.hub === 0 ? it.log : other).append(each.sent)));
        // Two hubs may interleave in any way: those that are in come in the order of their positions, the rest say how they were refused.
        const order = sent.map((each, i) => ({ sent: each.sent, outcome: outcomes[i] as AppendOutcome }));
        const appended = order.filter(({ outcome }) => outcome.outcome === "appended").sort((a, b) => Number(fromOf(a.outcome) - fromOf(b.outcome)));
        for (const each of appended) expect(apply(model, each.sent)).toBe("appended");
        for (const { sent: refused, outcome } of order) {
          const known = model.answers.get(refused.commandId);
          if (outcome.outcome === "repeat") expect(outcome.answer).toBe(known?.answer);
          if (outcome.outcome === "reused-id") expect(known?.hash).not.toBe(refused.hash);
          // Versions only grow and nothing is given back here: who is refused now would be refused after the wave as well.
          if (outcome.outcome === "conflict" || outcome.outcome === "shortage") expect(["conflict", "shortage", "reused-id", "repeat"]).toContain(apply(model, refused));
        }
      }

      const events = (await readRange(it.admin, shardOf(owner.merchantId), 0n, 100_000)).filter(({ text }) => text.includes(owner.merchantId));
      expect(events).toHaveLength([...model.versions.values()].reduce((sum, version) => sum + version, 0));
      const rows = await it.admin<{ stream: string; version: bigint }[]>`select stream, version from aggregates where stream = any(${streams})`;
      expect(new Map(rows.map(({ stream, version }) => [stream, Number(version)]))).toEqual(model.versions);
      const [count] = await it.admin<{ remaining: string }[]>`select remaining from countdowns where product = ${product}`;
      expect(count?.remaining).toBe(String(model.left));
      const gaps = await it.admin`select shard from events group by shard having max(position) <> count(*)`;
      expect(gaps).toEqual([]);

      function toCommand({ stream, second, behind, take, events: size, repeatOf, forged }: Omit<Step, "hub">): AppendCommand {
        const original = repeatOf === undefined ? undefined : history[repeatOf];
        if (original !== undefined) return forged ? { ...original, hash: "f".repeat(64) } : original;
        const names = [...new Set([stream, second ?? stream])].map((i) => streams[i] ?? "");
        const changes = names.map((name) =>
          change(name, Math.max(0, (model.versions.get(name) ?? 0) - behind), { events: Array.from({ length: size }, () => event()) }),
        );
        return command(owner, changes, { counts: take === undefined ? [] : [{ product, take: String(take) }] });
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

function fromOf(outcome: AppendOutcome): bigint {
  return outcome.outcome === "appended" ? (outcome.from ?? 0n) : 0n;
}
