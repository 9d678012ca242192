import fc from "fast-check";
import { expect, test } from "vitest";
import type { Envelope } from "#shared/events/envelope.ts";
import { encodeCommand, spliceEnvelope } from "./encode.ts";
import { headOf } from "./event-head.ts";
import { command, event, newMerchant, type Owner } from "./testing/commands.ts";

const merchant = newMerchant();
const owners: readonly Owner[] = [merchant, { organizerId: merchant.organizerId }];
/** What a guest's note may hold so that it is taken for the envelope around it. */
const misleading = fc.constantFrom('"type":"x"', '"subject":"x"', '"time":"x"', '"streamversion":7,', '"specversion"', '"organizerid":"x","merchantid":"y"', '"data":', "}", "\\", '"');
const data = fc.dictionary(fc.oneof(misleading, fc.constantFrom("organizerid", "merchantid", "type", "subject", "time")), fc.oneof(fc.array(misleading).map((parts) => parts.join("")), fc.jsonValue()));

test("RT-2: the head of an event that another hub wrote is what its envelope says, whatever its data hold", () => {
  fc.assert(
    fc.property(fc.constantFrom(...owners), data, fc.bigInt({ min: 1n, max: 2n ** 53n }), (owner, held, version) => {
      const [encoded] = encodeCommand(command(owner, [{ stream: "ord_1", kind: "order", expected: 0, events: [event(held)] }], { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" })).events;
      const text = spliceEnvelope(12n, "2026-11-21T20:15:00.000Z", version, encoded?.rest ?? "");
      const { type, subject, streamversion, time, organizerid, merchantid } = JSON.parse(text) as Envelope;
      expect(headOf({ shard: 0, position: 12n, commandId: "cmd_1", text })).toEqual({ type, subject, streamversion, time, organizerid, ...(merchantid === undefined ? {} : { merchantid }) });
    }),
    { numRuns: 2000 },
  );
});
