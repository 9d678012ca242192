import { enqueueDocument } from "#consumers/documents/jobs.ts";
import { Places } from "#consumers/days/places.ts";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { ACCOUNTS } from "#shared/ledger/accounts.ts";
import { bookedJournal } from "./booked-journal.ts";
import { bookedStock } from "./booked-stock.ts";
import { COSTED_TYPES, costJournals, type CostedEvent } from "./cost-postings.ts";
import { Costs } from "./costs.ts";
import { posted, type Journal } from "./journal.ts";
import { journalsOf, POSTED_TYPES } from "./postings.ts";
import { createPostingBatch, type PostingBatch } from "./posting-batch.ts";
import { stockCounted } from "./stock-postings.ts";
import { forfeitJournalId, forfeitTakenBack } from "./tender-postings.ts";

/** Posts sales, tenders and drawers. A merchant's books are one chain: a dead letter stops that merchant's postings until a person decides. */
export const ledgerConsumer: ConsumerDefinition = {
  group: "ledger",
  types: ["commerce.initialized", "commerce.day.closed", "document.file.requested", "stock.ingredient.created", "stock.ingredient.costed", "stock.ingredient.counted", "payment.voucher.released", ...COSTED_TYPES, ...POSTED_TYPES],
  keys: ({ envelope }) => [envelope.merchantid ?? envelope.organizerid],
  policy: { deadLetterBlocksKey: true, replayable: false, comparable: true, notRebuilt: ["document.file.requested"], lingerMs: 250, batchSize: 500 },
  handle,
};

async function handle(events: readonly ParsedEvent[], context: HandlerContext): Promise<void> {
  const batch = createPostingBatch(context.sql);
  const places = await Places.load(context.sql, "ledger_places", [...new Set(events.map(({ envelope }) => envelope.merchantid ?? ""))]);
  const costs = await Costs.load(context.sql, [...new Set(events.filter(({ envelope }) => needsCosts(envelope as EventEnvelope)).map(({ envelope }) => envelope.merchantid ?? ""))]);
  const merchants: string[] = [];
  const documents: EventEnvelope[] = [];
  for (const parsed of events) {
    const event = parsed.envelope as EventEnvelope;
    if (event.type === "commerce.initialized") merchants.push(merchantOf(event));
    else if (event.type === "commerce.day.closed") await places.close(context.sql, merchantOf(event), event.data.date);
    else if (event.type === "document.file.requested") documents.push(event);
    else if (event.type === "stock.ingredient.created") await costs.set(context.sql, merchantOf(event), event.subject, event.data.cost ?? null);
    else if (event.type === "stock.ingredient.costed") await costs.set(context.sql, merchantOf(event), event.subject, event.data.cost);
    else if (event.type === "stock.ingredient.counted") {
      const [merchant, cost] = [merchantOf(event), costs.of(merchantOf(event), event.subject)];
      // Its difference is to all that was posted before it.
      await batch.post();
      draft(event, posted(stockCounted(event, cost, await bookedStock(context.sql, merchant, event.subject))), places, batch);
    } else if (event.type === "payment.voucher.released") {
      // It takes back what was posted when the voucher was used.
      await batch.post();
      draft(event, posted(forfeitTakenBack(event, await bookedJournal(context.sql, merchantOf(event), forfeitJournalId(event.data.payment)))), places, batch);
    } else if (isCosted(event)) draft(event, costsOf(event, costs), places, batch);
    else draft(event, journalsOf(event), places, batch);
  }
  if (merchants.length > 0) {
    const rows = merchants.flatMap((merchant_id) => ACCOUNTS.map((account) => ({ merchant_id, ...account })));
    await context.sql`insert into ledger_accounts ${context.sql(rows, "merchant_id", "account", "name", "kind")} on conflict do nothing`;
  }
  await batch.post();
  // After the postings: what is asked for here has everything that came before it.
  for (const event of documents) await enqueueDocument(event, "ledger", context);
}

function isCosted(event: EventEnvelope): event is CostedEvent {
  return COSTED_TYPES.some((type) => type === event.type);
}

function needsCosts(event: EventEnvelope): boolean {
  return isCosted(event) || event.type === "stock.ingredient.counted";
}

/** In the currency of the costs, which is the merchant's own. */
function costsOf(event: CostedEvent, costs: Costs): readonly Journal[] {
  const merchant = merchantOf(event);
  const items = event.type === "sale.order.itemVoided" ? [event.data.voided] : event.data.items;
  const known = items.flatMap(({ recipe }) => recipe).flatMap(({ ingredient }) => costs.of(merchant, ingredient) ?? []);
  const [first] = known;
  return first ? posted(costJournals(event, first.amount.currency, (ingredient) => costs.of(merchant, ingredient))) : [];
}

function draft(event: EventEnvelope, journals: readonly Journal[], places: Places, batch: PostingBatch): void {
  if (journals.length === 0) return;
  const merchant = merchantOf(event);
  const { id, type, occurredat, time, businessdate } = event;
  if (businessdate === undefined) throw new Error(`${type} ${id} has no business date`);
  batch.add({ id, type, occurredat, time, merchant, businessDate: places.openDate(merchant, businessdate) }, journals);
}

function merchantOf(event: EventEnvelope): string {
  if (event.merchantid === undefined) throw new Error(`${event.type} ${event.id} names no merchant`);
  return event.merchantid;
}
