import type { z } from "zod";
import { closeCheck } from "#shared/commands/check.ts";
import { moneyOf } from "#shared/money/money.ts";
import type { Change, Context, Decision, Reader } from "../command.ts";
import { change, command, guard, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { giftCardRefs, loadGiftCards } from "../gift-card/gift-card.ts";
import { checksOf, completesOrder, isSettled, orderCheckRefs, partiesSettled, partyRefs } from "../order/completion.ts";
import type { OrderState } from "../order/state.ts";
import { lockedBy } from "../payment/payable.ts";
import { seriesStream } from "../streams.ts";
import { openAttempts } from "./evolve-payments.ts";
import { receiptOf } from "./receipt.ts";
import { isEmptyCheck } from "./settle.ts";
import type { CheckState } from "./state.ts";
import { checkTotals, lineAmount } from "./totals.ts";

const SERIES = "main";


/** The orders that this check bears something of: nothing may be added to them between looking and closing, so what goes on is guarded. */
function ordersOn(check: CheckState, reader: Reader): readonly OrderState[] {
  const ids = new Set([check.order, ...Object.values(check.shares).map(({ order }) => order)]);
  return [...ids].flatMap((id) => reader.get("order", id) ?? []);
}

/** An order is done when this was the last of its checks; what is left of an empty one ends with it, and its party is settled with its last order. */
function endOrders(check: CheckState, orders: readonly OrderState[], reader: Reader): readonly Change[] {
  const done: OrderState[] = [];
  const changes: Change[] = [];
  for (const order of orders) {
    const others = checksOf(order, reader).filter(({ id }) => id !== check.id);
    if (!completesOrder(order, others.every((other) => isSettled(other) || isEmptyCheck(other)))) {
      changes.push(guard("order", order.id));
      continue;
    }
    done.push(order);
    changes.push(change("order", order.id, [{ type: "sale.order.completed", data: {} }]));
    const empty = others.filter((other) => !isSettled(other));
    changes.push(...empty.map(({ id }) => change("check", id, [{ type: "sale.check.voided", data: { reason: "empty" } }])));
  }
  const once = new Map<string, Change>();
  // What is changed is not merely held.
  for (const one of [...changes, ...partiesSettled(done, reader)]) if ((once.get(one.stream)?.events.length ?? 0) === 0) once.set(one.stream, one);
  return [...once.values()];
}

function decide(input: z.output<typeof closeCheck>, reader: Reader, context: Context): Decision<{ number: string | null }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const check = reader.get("check", input.check);
  if (!check) return refuse("unknown-check", { check: input.check });
  if (check.status === "closed" || check.status === "voided") return refuse("check-closed", { check: check.id });
  const orders = ordersOn(check, reader);
  const merchant = reader.get("merchant", context.merchant);
  if (orders.length === 0 || !merchant) throw new Error(`check ${check.id} without its order or merchant`);

  const onIt = new Set(Object.values(check.shares).map((share) => share.item));
  const unsent = [...onIt].filter((item) => orders.some((order) => order.items[item]?.status === "entered"));
  if (unsent.length > 0) return refuse("unsent-items", { items: unsent });
  const after = endOrders(check, orders, reader);
  if (isEmptyCheck(check)) {
    return { changes: [change("check", check.id, [{ type: "sale.check.voided", data: { reason: "empty" } }]), ...after], result: { number: null } };
  }
  const totals = checkTotals(check);
  if (BigInt(totals.due) > 0n) return refuse("not-paid", { due: moneyOf(BigInt(totals.due), check.currency) });
  // Whoever is still at a terminal may yet be charged, and an authorisation is given back first.
  const [attempt] = openAttempts(check);
  if (attempt) return lockedBy(attempt);

  const series = seriesStream(context.merchant, SERIES);
  const next = reader.get("series", series)?.next ?? 1;
  const number = String(next).padStart(6, "0");
  return {
    changes: [
      change("check", check.id, [
        { type: "sale.check.closed", data: { number, order: check.order, totals, tenders: [...check.tenders], receipt: receiptOf(check, merchant, number, 0), by } },
      ]),
      change("series", series, [{ type: "sale.series.advanced", data: { series: SERIES, number: next, check: check.id } }]),
      ...loadGiftCards(check.id, check.shares, (share) => lineAmount(share, check.policies.rounding), by),
      ...after,
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
    const orders = check ? ordersOn(check, reader) : [];
    return [
      ref("check", input.check),
      ref("merchant", context.merchant),
      ref("series", seriesStream(context.merchant, SERIES)),
      ...(check ? [ref("order", check.order), ...Object.values(check.shares).map(({ order }) => ref("order", order)), ...giftCardRefs(check.shares)] : []),
      ...orders.flatMap((order) => [...orderCheckRefs(order, reader), ...partyRefs(order.party, reader)]),
    ];
  },
  decide,
});
