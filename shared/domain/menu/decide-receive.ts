import type { z } from "zod";
import { receiveGoods } from "#shared/commands/settings.ts";
import { cutText } from "#shared/cut-text.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { IngredientCost } from "#shared/events/catalog-menu.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { costPer } from "#shared/money/worth.ts";
import { toldOf } from "../cash/blind.ts";
import { isMade, made, MOST_MOVEMENTS } from "../cash/decide-movements.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { unitNow } from "../merchant/charged-unit.ts";
import { openDrawer } from "../payment/open-drawer.ts";
import type { IngredientState } from "./state.ts";

type Input = z.output<typeof receiveGoods>;
const MOST_DIGITS = 10;

/** What it costs from now on, per as much as it was said to cost before. */
function newCost({ unit, cost }: IngredientState, line: Input["lines"][number]): IngredientCost | Refusal {
  const per = cost?.per ?? (unit === "piece" ? "1" : "1000");
  const amount = costPer(minorUnits(line.cost), line.quantity, per).toString();
  if (amount.length > MOST_DIGITS) return refuse("cost-too-large", { ingredient: line.ingredient });
  return { amount: { amount, currency: line.cost.currency }, per };
}

function decide(input: Input, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const { delivery, supplier, note, lines, paid } = input;
  const currency = reader.get("merchant", context.merchant)?.currency;
  if (currency === undefined) return refuse("merchant-not-ready");
  if (reader.get("delivery", delivery)) return refuse("delivery-exists", { delivery });
  const twice = lines.find(({ ingredient }, i) => lines.findIndex((each) => each.ingredient === ingredient) !== i);
  if (twice) return refuse("ingredient-twice", { ingredient: twice.ingredient });
  if (lines.some(({ cost, tax }) => cost.currency !== currency || tax.currency !== currency)) return refuse("wrong-currency", { currency });
  const ingredients = lines.map(({ ingredient }) => ingredient);
  const changes: Change[] = [change("delivery", delivery, [{ type: "stock.delivery.received", data: { supplier, ingredients, by } }])];
  for (const line of lines) {
    const ingredient = reader.get("ingredient", line.ingredient);
    if (!ingredient) return refuse("unknown-ingredient", { ingredient: line.ingredient });
    const { quantity, cost, tax } = line;
    const events: DomainEvent[] = [{ type: "stock.ingredient.received", data: { delivery, supplier, note, quantity, cost, tax, paid: paid.from, by } }];
    if (line.isCost) {
      const from = newCost(ingredient, line);
      if ("refused" in from) return from;
      events.push({ type: "stock.ingredient.costed", data: { cost: from } });
    }
    changes.push(change("ingredient", line.ingredient, events));
  }
  if (paid.from !== "drawer") return { changes, result: {} };
  const out = paidFromDrawer(input, paid, reader, context);
  return "refused" in out ? out : { changes: [...changes, out, made(paid.movement, paid.drawer)], result: {} };
}

/** As any pay-out it needs somebody who answers for it: here it is whoever does it. */
function paidFromDrawer({ lines, supplier, note }: Input, { drawer: id, movement }: Extract<Input["paid"], { from: "drawer" }>, reader: Reader, context: Context): Change | Refusal {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (!context.actor.capabilities.includes("approve.cash")) return refuse("capability-missing", { capability: "approve.cash" });
  const drawer = openDrawer(id, reader);
  if ("refused" in drawer) return drawer;
  const total = lines.reduce((sum, { cost, tax }) => sum + minorUnits(cost) + minorUnits(tax), 0n);
  if (total === 0n) return refuse("nothing-due");
  const odd = unitRefusal({ cost: moneyOf(total, drawer.expected.currency) }, unitNow(reader.get("merchant", context.merchant)));
  if (odd) return odd;
  if (total > minorUnits(drawer.expected)) return refuse("not-enough-cash", toldOf(drawer, context));
  if (drawer.movements.length >= MOST_MOVEMENTS) return refuse("too-many-movements", { most: MOST_MOVEMENTS });
  if (isMade(movement, reader)) return refuse("movement-exists", { movement });
  const reason = cutText(`${supplier}${note === null ? "" : `, ${note}`}`, 80);
  return change("drawer", drawer.id, [{ type: "cash.drawer.paidOut", data: { movement, amount: moneyOf(total, drawer.expected.currency), for: "supplier", reason, approval: null, by } }]);
}

export const receiveGoodsCommand = command({
  type: "stock.receiveGoods",
  version: 1,
  capability: "stock.count",
  owner: "merchant",
  schema: receiveGoods,
  reads: ({ delivery, lines, paid }, _, context) => [
    ref("merchant", context.merchant),
    ref("delivery", delivery),
    ...[...new Set(lines.map(({ ingredient }) => ingredient))].map((ingredient) => ref("ingredient", ingredient)),
    ...(paid.from === "drawer" ? [ref("drawer", paid.drawer), ref("movement", paid.movement)] : []),
  ],
  decide,
});
