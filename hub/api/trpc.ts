import { initTRPC, type TRPCError } from "@trpc/server";
import superjson from "superjson";
import type { Session } from "#hub/commands/session.ts";
import type { Device } from "#hub/auth/devices.ts";
import { isConnectionLost, isTransient, refusesWrites } from "#hub/log/failures.ts";
import { NewerState } from "#hub/log/newer-state.ts";
import { within } from "#hub/log/waiting.ts";
import type { Hub } from "./hub.ts";
import { errorData, refusal, unavailable } from "./refusals.ts";

export type ApiContext = {
  readonly hub: Hub;
  readonly bearer: string | undefined;
  readonly remoteAddress: string;
  readonly traceparent: string | undefined;
};

/** No answer takes longer: a client that waits does not know whether it may ask again. */
const ANSWER_WITHIN_MS = 6_000;

const t = initTRPC.context<ApiContext>().create({
  transformer: superjson,
  isDev: false,
  errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, ...errorData(error) } }),
});

export const router = t.router;

type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: TRPCError };

async function bounded<Result extends Outcome>(work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await within(ANSWER_WITHIN_MS, work(), () => unavailable("no-answer"));
    const why = result.ok ? undefined : passing(result.error.cause);
    if (why !== undefined) throw unavailable(why);
    return result;
  } catch (error) {
    const why = passing(error);
    throw why === undefined ? error : unavailable(why);
  }
}

/** Why the same question may be answered later, or by another hub. */
function passing(error: unknown): string | undefined {
  if (isConnectionLost(error) || isTransient(error)) return `database-${refusesWrites(error) ?? "away"}`;
  return error instanceof NewerState ? "newer-version" : undefined;
}

export const publicProcedure = t.procedure.use(({ next }) => bounded(next));

/**
 * For whoever holds an access token (a person on a device, or a screen by itself) or the operator's token. Not built on
 * `publicProcedure`: every command passes here, and a middleware of tRPC costs as much as the decision of a small command.
 */
export const sessionProcedure = t.procedure.use(({ ctx, next }) =>
  bounded(async () => {
    const session = await sessionOf(ctx);
    return ctx.hub.pace.during(session, () => next({ ctx: { session } }), ctx.bearer);
  }),
);

/** The same, at a merchant: all but the setting up of an organizer. */
export const merchantProcedure = sessionProcedure.use(({ ctx, next }) => {
  const { merchant } = ctx.session;
  if (merchant === null) throw refusal("FORBIDDEN", "no-merchant");
  return next({ ctx: { merchant, tenant: { organizerId: ctx.session.organizer, merchantId: merchant } } });
});

/** For a paired device, with or without a person. */
export const deviceProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const device = await deviceOf(ctx);
  return ctx.hub.pace.during({ device: device.id, merchant: device.merchant }, () => next({ ctx: { device } }), ctx.bearer);
});

async function sessionOf({ hub, bearer }: ApiContext): Promise<Session> {
  if (bearer === undefined) throw refusal("UNAUTHORIZED", "unknown-token");
  const session = await hub.access.authenticate(bearer);
  if ("refused" in session) throw refusal("UNAUTHORIZED", session.refused);
  return session;
}

async function deviceOf({ hub, bearer }: ApiContext): Promise<Device> {
  const device = bearer === undefined ? undefined : await hub.access.devices.byToken(bearer);
  if (device === undefined) throw refusal("UNAUTHORIZED", "unknown-token");
  return device;
}
