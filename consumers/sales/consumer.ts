import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";

/** The day's figures: sales at check close, tenders when they are taken (DOM-17). Exactly once by the runner's checkpoint. */
export const salesConsumer: ConsumerDefinition = {
  group: "sales",
  types: ["sale.check.closed", "payment.attempt.success"],
  keys: ({ envelope }) => [envelope.subject],
  policy: { deadLetterBlocksKey: false, replayable: true, batchSize: 200 },
  handle,
};

async function handle(events: readonly ParsedEvent[], { sql }: HandlerContext): Promise<void> {
  for (const parsed of events) {
    const event = parsed.envelope as EventEnvelope;
    const merchant = event.merchantid;
    const date = event.businessdate;
    if (merchant === undefined || date === undefined) throw new Error(`${event.type} ${event.id} has no merchant or business date`);
    if (event.type === "sale.check.closed") {
      const t = event.data.totals;
      await sql`
        insert into sales_days as d (merchant_id, business_date, currency, checks, net, service_charge, tax, total)
        values (${merchant}, ${date}, ${t.currency}, 1, ${t.net}, ${t.serviceCharge}, ${t.tax}, ${t.total})
        on conflict (merchant_id, business_date, currency) do update
          set checks = d.checks + 1, net = d.net + excluded.net, service_charge = d.service_charge + excluded.service_charge,
              tax = d.tax + excluded.tax, total = d.total + excluded.total`;
    } else if (event.type === "payment.attempt.success") {
      const { tender } = event.data;
      const rounding = tender.method === "cash" ? tender.roundingDifference.amount : "0";
      await sql`
        insert into sales_tenders as d (merchant_id, business_date, currency, method, payments, amount, rounding, tips)
        values (${merchant}, ${date}, ${tender.amount.currency}, ${tender.method}, 1, ${tender.amount.amount}, ${rounding}, ${tender.tip.amount})
        on conflict (merchant_id, business_date, currency, method) do update
          set payments = d.payments + 1, amount = d.amount + excluded.amount, rounding = d.rounding + excluded.rounding, tips = d.tips + excluded.tips`;
    }
  }
}
