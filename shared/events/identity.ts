import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { id, text } from "./primitives.ts";

/** DOM-20: code asks for capabilities, never for the names of roles. */
export const capability = z.enum([
  "floor.seat",
  "order.take",
  "order.void",
  "check.settle",
  "drawer.operate",
  "approve.adjustments",
  "approve.payments",
  "approve.cash",
  "kitchen.work",
  "stock.count",
  "manage.view",
  "manage.settings",
  "guest.erase",
  "operate.system",
]);
export type Capability = z.infer<typeof capability>;

export const deviceKind = z.enum(["pos", "kds", "manager"]);

export const identityEvents = [
  /** Belongs to the organizer; a PIN's hash is never in the log. */
  event("identity.staff.created", 1, z.object({ name: text(60), color: z.string().regex(/^#[0-9a-f]{6}$/), work: z.array(z.object({ merchant: id("merchant"), capabilities: z.array(capability).max(20) })).max(50) })),
  event("identity.staff.disabled", 1, z.object({ reason: text(80) })),
  /** That it was changed and by whom; neither the PIN nor its hash. */
  event("identity.staff.pinChanged", 1, z.object({ by: text(60) })),
  event("identity.device.paired", 1, z.object({ name: text(40), kind: deviceKind, station: id("station").nullable() })),
  event("identity.device.revoked", 1, z.object({ reason: text(80) })),
] as const;
export type IdentityEvent = EventOf<typeof identityEvents>;
