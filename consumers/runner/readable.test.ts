import { expect, test } from "vitest";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { remembering } from "./readable.ts";
import { parseEvent } from "./separate.ts";

test("ADR 14: an event whose guest was erased since it was read first is read as it is written now, and else once", () => {
  const reads: string[] = [];
  const read = remembering((envelope) => {
    reads.push(JSON.stringify(envelope.data));
    return envelope as EventEnvelope;
  });
  const given = (customer: string) => parseEvent(0, 1n, JSON.stringify({ id: "evt_1", data: { customer } })).envelope;
  for (const customer of ["Anna", "Anna", "erased", "erased"]) expect(read(given(customer))).toMatchObject({ data: { customer } });
  expect(reads).toHaveLength(2);
});
