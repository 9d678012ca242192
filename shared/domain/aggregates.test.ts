import { describe, expect, test } from "vitest";
import { EVENTS, type EventEnvelope, type EventType } from "#shared/events/catalog.ts";
import { AGGREGATES, aggregateForEvent } from "./aggregates.ts";
import { provisionalEnvelope } from "./provisional.ts";
import { COMMANDS, commandDefinition } from "./registry.ts";
import { id, WAITER } from "./testing/given.ts";
import { add, ORDER, phoItem, place, seated, send } from "./testing/place.ts";

const types = EVENTS.map((event) => event.type) as EventType[];
const bare = (type: EventType) => ({ type, subject: "x", data: {}, occurredat: "" }) as unknown as EventEnvelope;

describe("aggregates", () => {
  test("every event type folds into one kind of stream", () => {
    expect(types.filter((type) => aggregateForEvent(type) === undefined)).toEqual([]);
  });

  test("each kind refuses the events of all others: a foreign event is a bug, not a guess", () => {
    for (const aggregate of Object.values(AGGREGATES)) {
      for (const type of types) {
        if (aggregateForEvent(type) === aggregate.kind) continue;
        expect(() => aggregate.evolve({ items: {} } as never, bare(type)), `${type} on a ${aggregate.kind}`).toThrow(/does not belong/);
      }
    }
  });

  test("what comes before the beginning of a stream throws", () => {
    expect(() => AGGREGATES.order.evolve(undefined, bare("sale.order.completed"))).toThrow(/does not exist/);
    expect(() => AGGREGATES.ticket.evolve(undefined, bare("sale.kitchen-ticket.completed"))).toThrow(/does not exist/);
  });

  test("LOG-5: what an event does not touch stays the same object, so that only what moved is written", () => {
    const w = seated();
    add(w, phoItem(1), phoItem(2));
    const [order, check] = [w.get("order", ORDER), w.all("check")[0]];
    send(w, 2);
    add(w, phoItem(3));
    const [laterOrder, laterCheck] = [w.get("order", ORDER), w.all("check")[0]];
    expect(laterOrder?.items[id("item", 1)]).toBe(order?.items[id("item", 1)]);
    expect(laterOrder?.items[id("item", 2)]).not.toBe(order?.items[id("item", 2)]);
    for (const share of Object.keys(check?.shares ?? {})) expect(laterCheck?.shares[share]).toBe(check?.shares[share]);
  });

  test("parts are stored by the key that the state keeps them under", () => {
    const w = seated();
    add(w, phoItem(1));
    for (const kind of ["order", "check"] as const) {
      const state = w.all(kind)[0] as unknown as Record<string, Record<string, unknown>>;
      expect(Object.keys(state[AGGREGATES[kind].partsKey ?? ""] ?? {})).toHaveLength(1);
    }
  });
});

describe("the registry", () => {
  test("names every command once, as <area>.<verb>, and finds it", () => {
    const names = COMMANDS.map((command) => command.type);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      expect(name).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
      expect(commandDefinition(name)?.type).toBe(name);
    }
    expect(commandDefinition("order.teleport")).toBeUndefined();
  });

  test("an envelope made before the log numbers it says what the hub's will say", () => {
    const w = place();
    const envelope = provisionalEnvelope({ type: "allocation.usage.coversChanged", data: { covers: 3 } }, id("party", 1), 2, w.context(WAITER));
    expect(envelope).toMatchObject({ specversion: "1.0", subject: id("party", 1), streamversion: 2, actor: `staff:${WAITER.staff}`, dataversion: 1, businessdate: "2026-11-20" });
  });
});
