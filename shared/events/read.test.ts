import { expect, test } from "vitest";
import { z } from "zod";
import { event } from "./define.ts";
import type { Envelope } from "./envelope.ts";
import { readEvent } from "./read.ts";

/** Seats were a number, then a list, then a list of named ones. */
const seated = event("test.party.seated", 3, z.object({ seats: z.array(z.object({ seat: z.number().int() })) }), [
  (data) => ({ seats: Array.from({ length: (data as { seats: number }).seats }, (_, i) => i + 1) }),
  (data) => ({ seats: (data as { seats: number[] }).seats.map((seat) => ({ seat })) }),
]);
const envelope = (data: unknown, dataversion: number) => ({ type: "test.party.seated", id: "evt_1", data, dataversion }) as Envelope;
const read = (data: unknown, dataversion: number) => readEvent(envelope(data, dataversion), () => seated);

test("older data is brought up to date, step by step", () => {
  const wanted = { type: "test.party.seated", id: "evt_1", data: { seats: [{ seat: 1 }, { seat: 2 }] }, dataversion: 3 };
  expect(read({ seats: 2 }, 1)).toEqual(wanted);
  expect(read({ seats: [1, 2] }, 2)).toEqual(wanted);
  const current = envelope({ seats: [{ seat: 1 }, { seat: 2 }] }, 3);
  expect(readEvent(current, () => seated)).toBe(current);
});

test("what cannot be read says why, and nothing throws", () => {
  expect(read({ seats: [] }, 4)).toEqual({ unreadable: "newer-version", detail: "test.party.seated v4, known up to v3" });
  expect(readEvent(envelope({}, 1), () => undefined)).toEqual({ unreadable: "unknown-type", detail: "test.party.seated" });
  expect(read({ seats: [{ seat: "one" }] }, 3)).toEqual({ unreadable: "invalid", detail: expect.stringContaining("test.party.seated: seats.0.seat") });
  expect(read({ seats: -1.5 }, 1)).toMatchObject({ data: { seats: [] } });
  expect(read(null, 1)).toEqual({ unreadable: "invalid", detail: expect.stringContaining("cannot be brought up to date") });
});

test("a version without its upcasters is a mistake of the catalogue", () => {
  expect(() => event("test.party.seated", 2, z.object({}))).toThrow("needs 1 upcasters, and has 0");
});
