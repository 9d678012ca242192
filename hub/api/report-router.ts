import { z } from "zod";
import { businessDate, id } from "#shared/events/primitives.ts";
import { paper, papers, seenBy } from "./papers.ts";
import { report } from "./report.ts";
import { stockLevels, stockMovements } from "./stock.ts";
import { refusal } from "./refusals.ts";
import { merchantProcedure, router } from "./trpc.ts";

const tillProcedure = merchantProcedure.use(({ ctx, next }) => {
  const { capabilities } = ctx.session;
  if (!capabilities.includes("drawer.operate") && !capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "drawer.operate" });
  return next();
});

const stockProcedure = merchantProcedure.use(({ ctx, next }) => {
  const { capabilities } = ctx.session;
  if (!capabilities.includes("stock.count") && !capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "stock.count" });
  return next();
});

export const reportRouter = router({
  /** The business day so far, for people with `manage.view`. */
  today: merchantProcedure.query(({ ctx }) => {
    if (!ctx.session.capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "manage.view" });
    return report(ctx.hub, ctx.tenant);
  }),
  /** What is on the shelf, and what moved it. */
  stock: stockProcedure.query(({ ctx }) => stockLevels(ctx.hub, ctx.tenant)),
  movements: stockProcedure.input(z.object({ ingredient: id("ingredient") })).query(({ ctx, input }) => stockMovements(ctx.hub, ctx.tenant, input.ingredient)),
  /** Stored X and Z of drawers and days: who takes cash may see them again. */
  papers: tillProcedure.input(z.object({ from: businessDate, to: businessDate })).query(({ ctx, input }) => papers(ctx.hub, ctx.tenant, input, ctx.session.capabilities)),
  paper: tillProcedure.input(z.object({ report: id("report") })).query(async ({ ctx, input }) => {
    const found = await paper(ctx.hub, ctx.tenant, input.report);
    const seen = found && seenBy(found, ctx.session.capabilities);
    if (seen === undefined) throw refusal("NOT_FOUND", "unknown-report", { report: input.report });
    return seen;
  }),
});
