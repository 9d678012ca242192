import { z } from "zod";
import { id, text } from "#shared/events/primitives.ts";
import { listChecks } from "./history-list.ts";
import { checkAt, checkHistory, HISTORY_BOUNDS } from "./history.ts";
import { refusal } from "./refusals.ts";
import { merchantProcedure, router } from "./trpc.ts";

const version = z.number().int().max(HISTORY_BOUNDS.longest);

/** The past is the manager's. */
const historyProcedure = merchantProcedure.use(({ ctx, next }) => {
  if (!ctx.session.capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "manage.view" });
  return next();
});

function unknown() {
  return refusal("NOT_FOUND", "unknown-check", { fields: [{ path: "check", rule: "must be a check of this place, as it was at some time" }] });
}

export const historyRouter = router({
  /** Checks, the latest first; `search`: a part of the receipt's number or of the name. */
  checks: historyProcedure
    .input(z.strictObject({ search: text(30).or(z.literal("")), before: id("check").nullable().default(null) }))
    .query(({ ctx, input }) => listChecks(ctx.hub, ctx.tenant, input)),

  /** A check's timeline: who did what, when, and the amounts after it. `after`: the version that the page before ended with. */
  check: historyProcedure
    .input(z.object({ check: id("check"), after: version.min(0).default(0), limit: z.number().int().min(1).max(HISTORY_BOUNDS.page).default(HISTORY_BOUNDS.page) }))
    .query(async ({ ctx, input }) => {
      const history = await checkHistory(ctx.hub, ctx.tenant, input);
      if (history === undefined) throw unknown();
      return history;
    }),

  /** The check as it was after an entry of its timeline (`version`). */
  checkAt: historyProcedure.input(z.object({ check: id("check"), version: version.min(1) })).query(async ({ ctx, input }) => {
    const was = await checkAt(ctx.hub, ctx.tenant, input);
    if (was === undefined) throw unknown();
    return was;
  }),
});
