import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eventDefinition, type EventEnvelope } from "#shared/events/catalog.ts";
import { domainFolding } from "../commands/assumable.ts";
import { envelope, folding, frameOf, occupied, snapshotAt, TABLE, tableFive } from "../testing/floor-fixture.ts";
import { applyFrame, readFrame, stateOf, statesOf, worldOf, type World } from "./world.ts";

const parties = (world: World) => stateOf(world.kinds, "table", TABLE)?.parties;

function after(world: World, ...frames: readonly Parameters<typeof applyFrame>[1][]): World {
  return frames.reduce((now, frame) => applyFrame(now, frame, folding).world, world);
}

describe("RT-2: a screen folds frames over its snapshot", () => {
  test("a frame after the cursor is folded and moves it", () => {
    const world = after(worldOf(snapshotAt("10")), frameOf("a", occupied("11", 2, "pty_A")));
    expect(parties(world)).toEqual(["pty_A"]);
    expect(world.cursor.positions["3"]).toBe("11");
  });

  test("what is at or below the cursor is dropped, repeated frames too", () => {
    const frame = frameOf("a", occupied("11", 2, "pty_A"));
    const world = after(worldOf(snapshotAt("10")), frame, frame, frameOf("old", occupied("9", 2, "pty_old")));
    expect(parties(world)).toEqual(["pty_A"]);
  });

  test("a snapshot that holds an event already does not get it twice", () => {
    const world = after(worldOf(snapshotAt("10", [tableFive(2, ["pty_A"])])), frameOf("a", occupied("11", 2, "pty_A")));
    expect(parties(world)).toEqual(["pty_A"]);
  });

  test("positions of more digits are later ones", () => {
    const world = after(worldOf(snapshotAt("9")), frameOf("a", occupied("10", 2, "pty_A")));
    expect(parties(world)).toEqual(["pty_A"]);
  });

  test("failure 20: an event is missing in a stream, so the frame is not applied and a snapshot asked for", () => {
    const world = worldOf(snapshotAt("10"));
    const applied = applyFrame(world, frameOf("b", occupied("12", 3, "pty_B")), folding);
    expect(applied).toEqual({ world, gap: true });
  });

  test("a frame with a gap in its last event changes nothing at all: no screen shows half of it", () => {
    const world = worldOf(snapshotAt("10"));
    const applied = applyFrame(world, frameOf("c", occupied("11", 2, "pty_A"), occupied("12", 9, "pty_B")), folding);
    expect(applied.gap).toBe(true);
    expect(parties(applied.world)).toEqual([]);
  });

  test("events of what was over before the snapshot are nobody's business here", () => {
    const cleared = envelope("11", 4, "pty_01JD00000000000000000000ZZ", "allocation.usage.coversChanged", { covers: 3 });
    const { world, gap } = applyFrame(worldOf(snapshotAt("10")), frameOf("d", cleared), folding);
    expect(gap).toBe(false);
    expect(statesOf(world.kinds, "party")).toEqual([]);
    expect(world.cursor.positions["3"]).toBe("11");
  });

  test("kinds that did not change keep their list, so that their screens are not drawn again", () => {
    const before = worldOf(snapshotAt("10"));
    const world = after(before, frameOf("e", envelope("11", 1, "cat_01JD00000000000000000000ZZ", "catalog.category.created", { name: "Coffee", color: "#aa8844", sort: 1 })));
    expect(statesOf(world.kinds, "table")).toBe(statesOf(before.kinds, "table"));
    expect(statesOf(world.kinds, "category")).toHaveLength(1);
  });
});

describe("EVT-7: a screen reads events as the hub and the consumers do", () => {
  test("every version of every event that is kept as a fixture is brought up to date by what the screens fold with", () => {
    const fixtures = JSON.parse(readFileSync(new URL("../../../shared/events/fixtures.json", import.meta.url), "utf8")) as Record<string, unknown>;
    const versions = Object.entries(fixtures).map(([name, data]) => {
      const [type = "", version = ""] = name.split(" v");
      return { name, event: { ...envelope("11", 2, "x", type as EventEnvelope["type"], data), dataversion: Number(version) } as EventEnvelope };
    });
    expect(versions.length).toBeGreaterThan(100);
    for (const { name, event } of versions) {
      const read = readFrame({ shard: 3, to: "11", events: [event] }, domainFolding);
      expect([name, typeof read === "string" ? read : read.events.map(({ dataversion }) => dataversion)]).toEqual([name, [eventDefinition(event.type)?.version]]);
    }
  });

  test("of a newer version nothing is guessed, of an unknown type nothing is shown, and what cannot be brought up to date needs a snapshot", () => {
    const one = occupied("11", 2, "pty_A");
    const frame = (event: EventEnvelope) => ({ shard: 3, to: "11", events: [one, event] });
    expect(readFrame(frame({ ...one, dataversion: 99 } as EventEnvelope), domainFolding)).toBe("newer");
    expect(readFrame(frame({ ...one, type: "allocation.table.painted" } as unknown as EventEnvelope), domainFolding)).toEqual({ shard: 3, to: "11", events: [one] });
    const broken = { ...domainFolding, upToDate: () => ({ unreadable: "invalid" as const, detail: "" }) };
    expect(readFrame(frame(one), broken)).toBe("gap");
  });
});
