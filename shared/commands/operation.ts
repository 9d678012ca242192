import { z } from "zod";
import { CONSUMER_GROUP_NAMES } from "#shared/consumers.ts";
import { id, text } from "#shared/events/primitives.ts";
import { replayFrom } from "#shared/events/system.ts";

const reason = text(200);
const group = z.enum(CONSUMER_GROUP_NAMES);

/** `system.retryDeadLetter` -> `{}`: six attempts more. Refuses: unknown-dead-letter, dead-letter-decided { status }. */
export const retryDeadLetter = z.object({ deadLetter: id("deadLetter"), reason });
/** `system.discardDeadLetter` -> `{}`: the consumer goes on without the event. Refuses as the retry. */
export const discardDeadLetter = z.object({ deadLetter: id("deadLetter"), reason });
/** `system.rebuild` -> `{}`: a projection is built anew and switched. Refuses: not-rebuildable { group }, maintenance-exists. */
export const rebuild = z.object({ maintenance: id("maintenance"), group, reason });
/** `system.compare` -> `{}`: what a consumer has made is built anew beside it, held to it, and dropped. Refuses: not-comparable { group }, maintenance-exists. */
export const compare = z.object({ maintenance: id("maintenance"), group, reason });
/** `system.replay` -> `{}`: a consumer is given events again. Refuses: not-replayable { group }, maintenance-exists. */
export const replay = z.object({ maintenance: id("maintenance"), group, from: replayFrom, reason });
