import { z } from "zod";
import { cursor } from "./cursor.ts";

/** The first message of a socket, within 5 s of its opening. */
export const hello = z.strictObject({
  type: z.literal("hello"),
  protocol: z.number().int(),
  /** Used once; got over the authenticated session. */
  ticket: z.string().min(1).max(2048),
  /** Names of topics; absent means all that the ticket's capabilities allow. */
  topics: z.array(z.string().max(80)).max(50).optional(),
  /** Where to resume from; absent means live from now on. */
  cursor: cursor.optional(),
});

/** Answered by a heartbeat. */
export const ping = z.strictObject({ type: z.literal("ping") });

export const up = z.discriminatedUnion("type", [hello, ping]);

export type Hello = z.infer<typeof hello>;
export type Up = z.infer<typeof up>;
