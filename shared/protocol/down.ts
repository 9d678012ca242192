import { z } from "zod";
import type { Envelope } from "#shared/events/envelope.ts";
import { cursor, position } from "./cursor.ts";

/** The parts of the envelope that a screen routes by; the rest is the catalogue's business (shared/events). */
const eventOnTheWire = z.looseObject({ type: z.string(), id: z.string(), subject: z.string(), position, data: z.unknown() });

export const welcome = z.strictObject({
  type: z.literal("welcome"),
  protocol: z.number().int(),
  epoch: z.string(),
  serverTime: z.iso.datetime(),
  /** Where the hub stands now; what follows a given cursor comes before `caughtUp`. */
  cursor,
  rooms: z.array(z.string()),
  /** The topics granted: those asked for that the ticket allows. */
  topics: z.array(z.string()),
});

/** RT-2: one command's events, as far as this socket may see them, never split. */
export const frame = z.strictObject({
  type: z.literal("frame"),
  /** Counts the live frames of this socket's audience; absent while it catches up. A gap is a lost frame: reconnect. */
  seq: z.number().int().optional(),
  shard: z.number().int(),
  from: position,
  to: position,
  commandId: z.string(),
  at: z.string(),
  events: z.array(eventOnTheWire),
});

/** From here on the socket is live. `seq` is the number before that of its next frame. */
export const caughtUp = z.strictObject({ type: z.literal("caughtUp"), cursor, seq: z.number().int() });

/** The cursor cannot be served: take a snapshot. Live frames follow all the same, to be kept and applied after it. */
export const snapshotRequired = z.strictObject({
  type: z.literal("snapshotRequired"),
  reason: z.enum(["other-epoch", "too-old", "ahead", "malformed"]),
});

/** RT-3: every 2 s. With `cursor` and `seq` once the socket is live: all frames up to there were sent. */
export const heartbeat = z.strictObject({
  type: z.literal("heartbeat"),
  serverTime: z.iso.datetime(),
  cursor: cursor.optional(),
  seq: z.number().int().optional(),
});

/** The hub does not talk on; it closes the socket after this. */
export const refused = z.strictObject({
  type: z.literal("refused"),
  code: z.enum(["bad-message", "protocol", "ticket", "hello-first", "hello-late", "hello-twice", "unknown-topic", "too-many-messages"]),
  /** The version that the hub speaks, with the code `protocol`: the app must be loaded anew. */
  protocol: z.number().int().optional(),
});

/** The hub ends a socket in good order. Everything but an ended session is worth a reconnect by cursor. */
export const bye = z.strictObject({
  type: z.literal("bye"),
  reason: z.enum(["shutting-down", "session-ended", "session-expired", "replaced", "resume", "unavailable"]),
});

export const down = z.discriminatedUnion("type", [welcome, frame, caughtUp, snapshotRequired, heartbeat, refused, bye]);

export type Down = z.infer<typeof down>;
export type Frame = Omit<z.infer<typeof frame>, "events"> & { readonly events: readonly Envelope[] };
export type RefusalCode = z.infer<typeof refused>["code"];
export type ByeReason = z.infer<typeof bye>["reason"];
export type SnapshotReason = z.infer<typeof snapshotRequired>["reason"];
