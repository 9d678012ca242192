import type { TRPCMutationProcedure } from "@trpc/server";
import type { z } from "zod";
import { commandFrame, type CommandAnswer } from "#shared/commands/answer.ts";
import type { CommandDefinition } from "#shared/domain/command.ts";
import { COMMANDS } from "#shared/domain/registry.ts";
import type { CommandFrame, Execution } from "#hub/commands/execute.ts";
import type { Hub } from "./hub.ts";
import { refusal, unavailable, type Field } from "./refusals.ts";
import { beyondTheLog } from "./replay-bounds.ts";
import { sessionProcedure } from "./trpc.ts";

type Definition = (typeof COMMANDS)[number];
/** These have doors of their own: auth.pair hands out the device's token, auth.setPin takes the PIN, the webhooks' door takes what providers send. */
const INTERNAL = ["identity.pairDevice", "identity.changePin", "payment.receiveWebhook"] as const;
type Exposed = Exclude<Definition, { type: (typeof INTERNAL)[number] }>;

/** What only the log can tell of an input; it is bad input, and no decision that is kept. */
const AT_THE_DOOR: Readonly<Record<string, (hub: Hub, input: never) => Promise<readonly Field[]>>> = { "system.replay": beyondTheLog };

type AreaOf<Type> = Type extends `${infer Area}.${string}` ? Area : never;
type VerbOf<Type> = Type extends `${string}.${infer Verb}` ? Verb : never;
type ProcedureOf<D> =
  D extends CommandDefinition<string, infer Schema, infer Result>
    ? TRPCMutationProcedure<{
        input: { commandId: string; occurredAt?: string | undefined; input: z.input<Schema> };
        output: CommandAnswer<Result>;
        meta: unknown;
      }>
    : never;

/** Path and types of each procedure follow from its definition: `order.addItems` takes what its schema takes. */
export type CommandRecord = {
  [Area in AreaOf<Exposed["type"]>]: {
    [D in Extract<Exposed, { type: `${Area}.${string}` }> as VerbOf<D["type"]>]: ProcedureOf<D>;
  };
};

/** One mutation for each command of the registry. */
export function commandProcedures(): CommandRecord {
  const areas: Record<string, Record<string, unknown>> = {};
  for (const definition of COMMANDS) {
    if (INTERNAL.some((type) => type === definition.type)) continue;
    const [area = "", verb = ""] = definition.type.split(".");
    (areas[area] ??= {})[verb] = commandProcedure(definition);
  }
  return areas as unknown as CommandRecord;
}

function commandProcedure(definition: Definition) {
  // Of the union only the common part matters here; the type of each procedure is restored by CommandRecord.
  const command = definition as unknown as CommandDefinition;
  return sessionProcedure.input(commandFrame(command.schema)).mutation(async ({ ctx, input }): Promise<CommandAnswer<unknown>> => {
    const frame = input as CommandFrame<unknown>;
    const isAllowed = ctx.session.capabilities.includes(command.capability);
    const fields = isAllowed ? await AT_THE_DOOR[command.type]?.(ctx.hub, frame.input as never) : undefined;
    if (fields !== undefined && fields.length > 0) throw refusal("BAD_REQUEST", "bad-input", { fields });
    const execution = await ctx.hub.executor.execute(command, frame, ctx.session, ctx.traceparent, ctx.hub.addressHash(ctx.remoteAddress));
    if (execution.outcome !== "answered") throw noAnswer(execution, frame.input);
    return execution.answer;
  });
}

function noAnswer(execution: Exclude<Execution<unknown>, { outcome: "answered" }>, input: unknown) {
  switch (execution.outcome) {
    case "capability-missing":
      return refusal("FORBIDDEN", "capability-missing", { capability: execution.capability });
    case "no-merchant":
      return refusal("FORBIDDEN", "no-merchant");
    case "reused-id":
      return refusal("CONFLICT", "command-id-reused");
    case "too-old":
      return refusal("PRECONDITION_FAILED", "command-too-old");
    case "foreign-stream":
      return refusal("FORBIDDEN", "foreign-id", { fields: [{ path: pathOf(input, execution.stream, "input") ?? "input", rule: "is taken by somebody else" }] });
    case "unavailable":
      return unavailable(execution.reason);
  }
}

/** Where in the input an id stands. */
function pathOf(value: unknown, wanted: string, at: string): string | undefined {
  if (value === wanted) return at;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const path = pathOf(inner, wanted, `${at}.${key}`);
    if (path !== undefined) return path;
  }
  return undefined;
}

