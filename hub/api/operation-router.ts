import { z } from "zod";
import { id } from "#shared/events/primitives.ts";
import { deadLetters, maintenanceRuns, operationStatus } from "./operation.ts";
import { refusal } from "./refusals.ts";
import { merchantProcedure, router } from "./trpc.ts";

/** A place's manager sees that the backbone works, and what of the place it has failed at; nothing here tells of another place. */
const operatorProcedure = merchantProcedure.use(({ ctx, next }) => {
  const { capabilities } = ctx.session;
  if (!capabilities.includes("operate.system") && !capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "operate.system" });
  return next();
});

/** What operators see; what they do are the commands `system.*`. */
export const operationRouter = router({
  /** Lag, throughput, ages, parked keys, dead letters, publishing, sockets, alerts: of the whole installation, a few seconds old at most. Printers: of this place. */
  status: operatorProcedure.query(({ ctx }) => operationStatus(ctx.hub, ctx.tenant)),
  /** This place's dead letters, open ones first, then the latest. `before`: the last of the page before. */
  deadLetters: operatorProcedure.input(z.strictObject({ before: id("deadLetter").nullable() })).query(({ ctx, input }) => deadLetters(ctx.hub, ctx.tenant, input.before)),
  /** Rebuilds and replays that were asked for from this organizer's places, the latest first, with how far they are. */
  maintenance: operatorProcedure.query(({ ctx }) => maintenanceRuns(ctx.hub, ctx.tenant)),
});
