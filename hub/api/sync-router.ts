import { snapshot } from "./snapshot.ts";
import { merchantProcedure, router } from "./trpc.ts";

export const syncRouter = router({
  snapshot: merchantProcedure.query(({ ctx }) => snapshot(ctx.hub, ctx.tenant, ctx.session)),
});
