import { snapshot } from "./snapshot.ts";
import { merchantProcedure, router } from "./trpc.ts";

/** So many states of a snapshot keep the thread about as long as a command. */
const STATES_OF_A_CALL = 20;

export const syncRouter = router({
  snapshot: merchantProcedure.query(({ ctx }) =>
    ctx.hub.pace.heavy(
      ctx.session.device,
      () => snapshot(ctx.hub, ctx.tenant, ctx.session),
      ({ aggregates }) => aggregates.length / STATES_OF_A_CALL,
    ),
  ),
});
