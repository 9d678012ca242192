import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { asDecimal, firedMovements, type Movement, thousandths, voidMovements } from "./movements.ts";

/** Ingredients by recipe: levels and movements. Countdowns are not here, they are decided in the log (LOG-9). */
export const stockConsumer: ConsumerDefinition = {
  group: "stock",
  types: [
    "stock.ingredient.created",
    "stock.ingredient.counted",
    "stock.ingredient.received",
    "sale.order.sent",
    "sale.order.courseFired",
    "sale.order.itemVoided",
  ],
  keys: ({ envelope }) => [envelope.merchantid ?? envelope.organizerid],
  policy: { deadLetterBlocksKey: false, replayable: true, rebuildable: true, batchSize: 100 },
  handle,
};

async function handle(events: readonly ParsedEvent[], { sql }: HandlerContext): Promise<void> {
  for (const parsed of events) await apply(parsed.envelope as EventEnvelope, sql);
}

async function apply(event: EventEnvelope, sql: HandlerContext["sql"]): Promise<void> {
  const merchant = event.merchantid;
  if (merchant === undefined) throw new Error(`${event.type} ${event.id} names no merchant`);
  switch (event.type) {
    case "stock.ingredient.created":
      await sql`
        insert into stock_levels (merchant_id, ingredient_id, name, unit, low_below)
        values (${merchant}, ${event.subject}, ${event.data.name}, ${event.data.unit}, ${event.data.lowBelow})
        on conflict (merchant_id, ingredient_id) do update set name = excluded.name, unit = excluded.unit, low_below = excluded.low_below`;
      return;
    case "stock.ingredient.counted":
      await setLevel(sql, merchant, event);
      return;
    case "stock.ingredient.received":
      await move(sql, merchant, event, [{ ingredient: event.subject, thousandths: thousandths(event.data.quantity), reason: "delivery", order: null, item: null }]);
      return;
    case "sale.order.sent":
    case "sale.order.courseFired":
      await move(sql, merchant, event, firedMovements(event));
      return;
    case "sale.order.itemVoided":
      await move(sql, merchant, event, voidMovements(event));
      return;
    default:
      return;
  }
}

async function setLevel(sql: HandlerContext["sql"], merchant: string, event: Extract<EventEnvelope, { type: "stock.ingredient.counted" }>): Promise<void> {
  const counted = await sql`
    insert into stock_movements (merchant_id, event_id, line, ingredient_id, quantity, reason, business_date, recorded_at)
    select merchant_id, ${event.id}, 0, ingredient_id, ${event.data.quantity}::numeric - on_hand, 'count', ${event.businessdate ?? null}, ${event.time}
      from stock_levels where merchant_id = ${merchant} and ingredient_id = ${event.subject}
    on conflict do nothing`;
  if (counted.count === 0) return;
  await sql`update stock_levels set on_hand = ${event.data.quantity} where merchant_id = ${merchant} and ingredient_id = ${event.subject}`;
}

async function move(sql: HandlerContext["sql"], merchant: string, event: EventEnvelope, movements: readonly Movement[]): Promise<void> {
  if (movements.length === 0) return;
  const rows = movements.map((m, line) => ({
    merchant_id: merchant,
    event_id: event.id,
    line,
    ingredient_id: m.ingredient,
    quantity: asDecimal(m.thousandths),
    reason: m.reason,
    order_id: m.order,
    item_id: m.item,
    business_date: event.businessdate ?? null,
    recorded_at: event.time,
  }));
  // All of an event's movements or none: what was moved once is not moved again (RUN-5).
  const moved = await sql`
    insert into stock_movements (merchant_id, event_id, line, ingredient_id, quantity, reason, order_id, item_id, business_date, recorded_at)
    select merchant_id, event_id, line, ingredient_id, quantity, reason, order_id, item_id, business_date, recorded_at
    from jsonb_populate_recordset(null::stock_movements, ${JSON.stringify(rows)}::text::jsonb)
    where not exists (select from stock_movements where merchant_id = ${merchant} and event_id = ${event.id})`;
  if (moved.count === 0) return;
  const perIngredient = new Map<string, bigint>();
  for (const m of movements) perIngredient.set(m.ingredient, (perIngredient.get(m.ingredient) ?? 0n) + m.thousandths);
  const ingredients = [...perIngredient.keys()].sort();
  const deltas = ingredients.map((ingredient) => asDecimal(perIngredient.get(ingredient) ?? 0n));
  await sql`
    update stock_levels l set on_hand = l.on_hand + d.delta
      from unnest(${ingredients}::text[], ${deltas}::numeric[]) as d(ingredient_id, delta)
     where l.merchant_id = ${merchant} and l.ingredient_id = d.ingredient_id`;
}
