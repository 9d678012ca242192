import { z } from "zod";
import { commandId, instant } from "#shared/events/primitives.ts";
import type { Refusal } from "#shared/domain/command.ts";

/** Every command travels as `{ commandId, occurredAt?, input }`; a repeat of the id gets the first answer (LOG-4). */
export const commandFrame = <Schema extends z.ZodType>(input: Schema) => z.object({ commandId, occurredAt: instant.optional(), input });

/** The hub's answer. `unavailable` is no answer: nothing is known to be written, send the same id again. */
export type CommandAnswer<Result> =
  | { readonly ok: true; readonly result: Result; readonly at: { readonly shard: number; readonly from: string; readonly to: string } | null }
  | { readonly ok: false; readonly refusal: Refusal };
