import { report } from "./report.ts";
import { refusal } from "./refusals.ts";
import { merchantProcedure, router } from "./trpc.ts";

export const reportRouter = router({
  /** The business day so far, for people with `manage.view`. */
  today: merchantProcedure.query(({ ctx }) => {
    if (!ctx.session.capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "manage.view" });
    return report(ctx.hub, ctx.tenant);
  }),
});
