import { z } from "zod";
import { deviceKind } from "#shared/events/identity.ts";
import { id, text } from "#shared/events/primitives.ts";
import { demoPlaces, demoTenants } from "./demo-places.ts";
import { refusal } from "./refusals.ts";
import { publicProcedure, router } from "./trpc.ts";

const demoProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.hub.demo) throw refusal("NOT_FOUND", "not-a-demo");
  return next();
});

/** Only with COMANDA_DEMO=1: what the start page shows, and pairing without a code on paper. */
export const demoRouter = router({
  places: demoProcedure.query(async ({ ctx }) => ({ merchants: await demoPlaces(ctx.hub.sql) })),

  pair: demoProcedure
    .input(z.object({ merchant: id("merchant"), kind: deviceKind, station: id("station").nullable(), name: text(40) }))
    .mutation(async ({ ctx, input }) => {
      const { merchant, ...device } = input;
      const tenant = (await demoTenants(ctx.hub.sql)).find(({ merchantId }) => merchantId === merchant);
      if (tenant === undefined) throw refusal("NOT_FOUND", "unknown-merchant", { fields: [{ path: "merchant", rule: "must be one of the demo's" }] });
      const { code } = await ctx.hub.access.createPairingCode(tenant, device);
      return { code };
    }),
});
