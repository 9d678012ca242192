import { z } from "zod";
import { id } from "#shared/events/primitives.ts";
import { text } from "#shared/events/primitives.ts";
import { namedEntities } from "./entities.ts";
import { deadLetters, differingRows, maintenanceRuns, operationStatus } from "./operation.ts";
import { refusal } from "./refusals.ts";
import { trail } from "./trail.ts";
import { merchantProcedure, router } from "./trpc.ts";

/** A place's manager sees that the backbone works, and what of the place it has failed at; nothing here tells of another place. */
const operatorProcedure = merchantProcedure.use(({ ctx, next }) => {
  const { capabilities } = ctx.session;
  if (!capabilities.includes("operate.system") && !capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "operate.system" });
  return next();
});

/** The past is the manager's. */
const viewerProcedure = merchantProcedure.use(({ ctx, next }) => {
  if (!ctx.session.capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "manage.view" });
  return next();
});

/** What operators see; what they do are the commands `system.*`. */
export const operationRouter = router({
  /** Lag, throughput, ages, parked keys, dead letters, publishing, sockets, alerts: of the whole installation, a few seconds old at most. Printers: of this place. */
  status: operatorProcedure.query(({ ctx }) => operationStatus(ctx.hub, ctx.tenant)),
  /** This place's dead letters, open ones first, then the latest. `before`: the last of the page before. */
  deadLetters: operatorProcedure.input(z.strictObject({ before: id("deadLetter").nullable() })).query(({ ctx, input }) => deadLetters(ctx.hub, ctx.tenant, input.before)),
  /** What has a trail: `search` is a part of a name or number, or an id; a few of each kind. */
  entities: viewerProcedure.input(z.strictObject({ search: text(130) })).query(({ ctx, input }) => namedEntities(ctx.hub, ctx.tenant, input.search)),
  /** Everything that happened to one entity of this place, oldest first: who, what, before and after. `after`: the version that the page before ended with. */
  trail: viewerProcedure
    .input(z.strictObject({ stream: z.string().regex(/^[a-z]{2,3}_[\w%.-]{1,120}$/, { error: "must be the id of something" }), after: z.number().int().min(0).max(1_000_000_000) }))
    .query(async ({ ctx, input }) => {
      const found = await trail(ctx.hub, ctx.tenant, input);
      if (found === undefined) throw refusal("NOT_FOUND", "unknown-entity", { fields: [{ path: "stream", rule: "must be something of this place" }] });
      return found;
    }),
  /** Of a comparison that found something: this place's first rows, with what the log says and what is in use. */
  differences: operatorProcedure.input(z.strictObject({ maintenance: id("maintenance") })).query(({ ctx, input }) => differingRows(ctx.hub, ctx.tenant, input.maintenance)),
  /** Rebuilds and replays that were asked for from this organizer's places, the latest first, with how far they are. */
  maintenance: operatorProcedure.query(({ ctx }) => maintenanceRuns(ctx.hub, ctx.tenant)),
});
