import { reprint } from "#shared/commands/kitchen.ts";
import type { Decision } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";

/** Every asking prints: that a slip may be a duplicate is written on it, and never guessed. */
export const reprintCommand = command({
  type: "printing.reprint",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: reprint,
  reads: (input) => [ref("print-job", input.job)],
  decide: (input, reader, context): Decision<Nothing> => {
    if (!reader.get("print-job", input.job)) return refuse("unknown-job", { job: input.job });
    return { changes: [change("print-job", input.job, [{ type: "printing.job.reprintRequested", data: { job: input.job, by: context.actor.name } }])], result: {} };
  },
});
