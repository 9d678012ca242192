import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { instant, text } from "./primitives.ts";

const group = z.string().max(40);
const why = { by: text(60), reason: text(200) };
/** Where a consumer begins again: at what was recorded from a time on, or after a position of one shard. */
export const replayFrom = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("time"), at: instant }),
  z.object({ kind: z.literal("position"), shard: z.number().int().min(0).max(15), after: z.string().regex(/^(0|[1-9]\d{0,17})$/, { error: "must be a position" }) }),
]);
export const maintenanceKind = z.enum(["rebuild", "replay", "compare"]);

export const systemEvents = [
  event("system.dead-letter.recorded", 1, z.object({ group, eventId: z.string().max(40), eventType: z.string().max(80), reason: z.string().max(500), attempts: z.number().int().min(1) })),
  /** A person wants the event tried again, before everything that waits behind it. */
  event("system.dead-letter.retryRequested", 1, z.object(why)),
  /** A person let the consumer go on without the event. */
  event("system.dead-letter.discarded", 1, z.object(why)),
  /** RUN-5: a projection is built anew beside the one in use, a consumer is given events again, or what it has made is built anew only to be
   * held to it. `from` is null but for a replay. */
  event("system.maintenance.requested", 1, z.object({ kind: maintenanceKind, group, from: replayFrom.nullable(), ...why })),
  event("system.maintenance.completed", 1, z.object({ kind: maintenanceKind, group, events: z.number().int().min(0), differing: z.number().int().min(0).optional().describe("Of a comparison: rows that are on one side only, or not the same on both") })),
  event("system.maintenance.failed", 1, z.object({ kind: maintenanceKind, group, cause: z.string().max(500) })),
] as const;
export type SystemEvent = EventOf<typeof systemEvents>;
export type ReplayFrom = z.infer<typeof replayFrom>;
export type MaintenanceKind = z.infer<typeof maintenanceKind>;
