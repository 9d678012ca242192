import { discardDeadLetter, retryDeadLetter } from "#shared/commands/operation.ts";
import type { Decision, Reader } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";

type Decided = "system.dead-letter.retryRequested" | "system.dead-letter.discarded";
type Asked = { readonly deadLetter: string; readonly reason: string };

function decided({ deadLetter: id, reason }: Asked, by: string, type: Decided, reader: Reader): Decision<Nothing> {
  const letter = reader.get("dead-letter", id);
  if (!letter) return refuse("unknown-dead-letter", { deadLetter: id });
  if (letter.status !== "open") return refuse("dead-letter-decided", { status: letter.status });
  return { changes: [change("dead-letter", id, [{ type, data: { by, reason } }])], result: {} };
}

/** A place's manager decides on what concerns the place; the operator on all of it. */
const about = { version: 1, capability: "manage.settings", alsoAllowed: ["operate.system"], owner: "merchant" } as const;

export const retryDeadLetterCommand = command({
  ...about,
  type: "system.retryDeadLetter",
  schema: retryDeadLetter,
  reads: (input) => [ref("dead-letter", input.deadLetter)],
  decide: (input, reader, context): Decision<Nothing> => decided(input, context.actor.name, "system.dead-letter.retryRequested", reader),
});

export const discardDeadLetterCommand = command({
  ...about,
  type: "system.discardDeadLetter",
  schema: discardDeadLetter,
  reads: (input) => [ref("dead-letter", input.deadLetter)],
  decide: (input, reader, context): Decision<Nothing> => decided(input, context.actor.name, "system.dead-letter.discarded", reader),
});
