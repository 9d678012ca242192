import { z } from "zod";
import { text } from "#shared/events/primitives.ts";
import { erasures, namedGuests } from "./guests.ts";
import { refusal } from "./refusals.ts";
import { merchantProcedure, router } from "./trpc.ts";

const eraserProcedure = merchantProcedure.use(({ ctx, next }) => {
  if (!ctx.session.capabilities.includes("guest.erase")) throw refusal("FORBIDDEN", "capability-missing", { capability: "guest.erase" });
  return next();
});

/** What is known of guests, and what was forgotten. To forget is `order.eraseGuest` and `payment.eraseHouseAccount`. */
export const guestRouter = router({
  /** Orders and accounts that a name stands on. `search`: a part of the name, the tab or a note, or the id of an order or account. */
  named: eraserProcedure.input(z.strictObject({ search: text(40) })).query(({ ctx, input }) => namedGuests(ctx.hub, ctx.tenant, input.search)),
  /** What was asked to be forgotten at this place, the latest first, and how far it is. */
  erasures: eraserProcedure.query(({ ctx }) => erasures(ctx.hub, ctx.tenant)),
});
