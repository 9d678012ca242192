import { presentCheck } from "#shared/commands/check.ts";
import type { CheckTotals } from "#shared/events/sale-check.ts";
import type { Decision } from "../command.ts";
import { change, command, ref, refuse } from "../deciding.ts";
import { receiptOf } from "./receipt.ts";

/** DOM-13: the numbered pre-bill. Presenting again gives the next number. */
export const presentCheckCommand = command({
  type: "check.present",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: presentCheck,
  reads: (input, _, context) => [ref("check", input.check), ref("merchant", context.merchant)],
  decide: (input, reader, context): Decision<{ totals: CheckTotals }> => {
    const check = reader.get("check", input.check);
    if (!check) return refuse("unknown-check", { check: input.check });
    if (check.status === "closed" || check.status === "voided") return refuse("check-closed", { check: check.id });
    if (Object.keys(check.shares).length === 0) return refuse("nothing-to-present", { check: check.id });
    const merchant = reader.get("merchant", context.merchant);
    if (!merchant) return refuse("merchant-not-ready");
    const number = check.presented + 1;
    const receipt = receiptOf(check, merchant, String(number), 0);
    return { changes: [change("check", check.id, [{ type: "sale.check.presented", data: { number, totals: receipt.totals, receipt } }])], result: { totals: receipt.totals } };
  },
});
