import { z } from "zod";
import { beginAttempt, failAttempt, forgiveAttempt, type BackOff } from "#hub/auth/attempts.ts";
import { inTenant } from "#hub/db/client.ts";
import { typedGiftCardCode } from "#shared/domain/gift-card/code.ts";
import type { GiftCardState } from "#shared/domain/gift-card/state.ts";
import { refusal } from "./refusals.ts";
import { merchantProcedure, router } from "./trpc.ts";

/** A guest's slip is hard to read; a list of codes is not tried here. */
const BACK_OFF: BackOff = { free: 10, baseMs: 2_000, mostMs: 300_000 };

export const giftCardRouter = router({
  /** By the code on its paper -> `{ card, balance, loaded }`. NOT_FOUND unknown-gift-card; TOO_MANY_REQUESTS per device. */
  find: merchantProcedure.input(z.object({ code: z.string().min(1).max(60) })).query(async ({ ctx, input }) => {
    const { session, hub, tenant } = ctx;
    if (!session.capabilities.includes("check.settle")) throw refusal("FORBIDDEN", "capability-missing", { capability: "check.settle" });
    const key = `gift:${session.device ?? session.id}`;
    const attempt = await beginAttempt(hub.sql, key, BACK_OFF);
    if (attempt.waitMs > 0) throw refusal("TOO_MANY_REQUESTS", "too-many-attempts", { retryAfterMs: attempt.waitMs });
    const code = typedGiftCardCode(input.code);
    const [found] = code === undefined ? [] : await inTenant(hub.sql, tenant, (tx) => tx<{ stream: string; head: GiftCardState }[]>`
      select stream, head from aggregates where merchant_id = ${tenant.merchantId} and kind = 'gift-card' and right(stream, 12) = ${code}`);
    if (found === undefined) {
      await failAttempt(hub.sql, key);
      throw refusal("NOT_FOUND", "unknown-gift-card", { fields: [{ path: "code", rule: "must be the code of a gift card of this place" }] });
    }
    await forgiveAttempt(hub.sql, key, "this-one");
    const { balance, loaded } = found.head;
    return { card: found.stream, balance, loaded };
  }),
});
