import type { z } from "zod";
import { closeCheck } from "#shared/commands/check.ts";
import { moneyOf } from "#shared/money/money.ts";
import type { Change, Context, Decision, Reader } from "../command.ts";
import { change, command, guard, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { giftCardRefs, loadGiftCards } from "../gift-card/gift-card.ts";
import { completesOrder, partySettled } from "../order/completion.ts";
import type { OrderState } from "../order/state.ts";
import { seriesStream } from "../streams.ts";
import { receiptOf } from "./receipt.ts";
import { isEmptyCheck } from "./settle.ts";
import { checkTotals, lineAmount } from "./totals.ts";

const SERIES = "main";

/** Nothing may be added to the order between looking and closing, so an order that goes on is guarded. */
function orderChanges(order: OrderState, reader: Reader): readonly Change[] {
  if (!completesOrder(order, true)) return [guard("order", order.id)];
  return [change("order", order.id, [{ type: "sale.order.completed", data: {} }]), ...partySettled(order, reader)];
}

function decide(input: z.output<typeof closeCheck>, reader: Reader, context: Context): Decision<{ number: string | null }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const check = reader.get("check", input.check);
  if (!check) return refuse("unknown-check", { check: input.check });
  if (check.status === "closed" || check.status === "voided") return refuse("check-closed", { check: check.id });
  const order = reader.get("order", check.order);
  const merchant = reader.get("merchant", context.merchant);
  if (!order || !merchant) throw new Error(`check ${check.id} without its order or merchant`);

  const onIt = new Set(Object.values(check.shares).map((share) => share.item));
  const unsent = [...onIt].filter((item) => order.items[item]?.status === "entered");
  if (unsent.length > 0) return refuse("unsent-items", { items: unsent });
  if (isEmptyCheck(check)) {
    return { changes: [change("check", check.id, [{ type: "sale.check.voided", data: { reason: "empty" } }]), ...orderChanges(order, reader)], result: { number: null } };
  }
  const totals = checkTotals(check);
  if (BigInt(totals.due) > 0n) return refuse("not-paid", { due: moneyOf(BigInt(totals.due), check.currency) });

  const series = seriesStream(context.merchant, SERIES);
  const next = reader.get("series", series)?.next ?? 1;
  const number = String(next).padStart(6, "0");
  return {
    changes: [
      change("check", check.id, [
        { type: "sale.check.closed", data: { number, order: order.id, totals, tenders: [...check.tenders], receipt: receiptOf(check, merchant, number, 0), by } },
      ]),
      change("series", series, [{ type: "sale.series.advanced", data: { series: SERIES, number: next, check: check.id } }]),
      ...loadGiftCards(check.id, check.shares, (share) => lineAmount(share, check.policies.rounding.mode), by),
      ...orderChanges(order, reader),
    ],
    result: { number },
  };
}

export const closeCheckCommand = command({
  type: "check.close",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: closeCheck,
  reads: (input, reader, context) => {
    const check = reader.get("check", input.check);
    const party = check?.party;
    return [
      ref("check", input.check),
      ref("merchant", context.merchant),
      ref("series", seriesStream(context.merchant, SERIES)),
      ...(check ? [ref("order", check.order), ...giftCardRefs(check.shares)] : []),
      ...(party ? [ref("party", party)] : []),
    ];
  },
  decide,
});
