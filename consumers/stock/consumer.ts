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
  policy: { deadLetterBlocksKey: false, replayable: true, rebuildable: true, lingerMs: 250, batchSize: 100 },
  handle,
};

type Moved = { readonly merchant: string; readonly event: EventEnvelope; readonly movements: readonly Movement[] };

/** What moves between two counts is written together. */
async function handle(events: readonly ParsedEvent[], { sql }: HandlerContext): Promise<void> {
  const moved: Moved[] = [];
  for (const { envelope } of events) {
    const event = envelope as EventEnvelope;
    const merchant = event.merchantid;
    if (merchant === undefined) throw new Error(`${event.type} ${event.id} names no merchant`);
    if (event.type === "stock.ingredient.created" || event.type === "stock.ingredient.counted") {
      await move(sql, moved.splice(0));
      await (event.type === "stock.ingredient.created" ? addIngredient(sql, merchant, event) : setLevel(sql, merchant, event));
    } else moved.push({ merchant, event, movements: movementsOf(event) });
  }
  await move(sql, moved);
}

function movementsOf(event: EventEnvelope): readonly Movement[] {
  switch (event.type) {
    case "stock.ingredient.received":
      return [{ ingredient: event.subject, thousandths: thousandths(event.data.quantity), reason: "delivery", order: null, item: null }];
    case "sale.order.sent":
    case "sale.order.courseFired":
      return firedMovements(event);
    case "sale.order.itemVoided":
      return voidMovements(event);
    default:
      return [];
  }
}

async function addIngredient(sql: HandlerContext["sql"], merchant: string, event: Extract<EventEnvelope, { type: "stock.ingredient.created" }>): Promise<void> {
  await sql`
    insert into stock_levels (merchant_id, ingredient_id, name, unit, low_below)
    values (${merchant}, ${event.subject}, ${event.data.name}, ${event.data.unit}, ${event.data.lowBelow})
    on conflict (merchant_id, ingredient_id) do update set name = excluded.name, unit = excluded.unit, low_below = excluded.low_below`;
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

/** All of an event's movements or none: what was moved once is not moved again (RUN-5). */
async function move(sql: HandlerContext["sql"], moved: readonly Moved[]): Promise<void> {
  const rows = [...new Map(moved.map((one) => [one.event.id, one])).values()].flatMap(({ merchant, event, movements }) =>
    movements.map((m, line) => ({
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
    })),
  );
  if (rows.length === 0) return;
  await sql`select stock_move(${JSON.stringify(rows)}::text::jsonb)`;
}
