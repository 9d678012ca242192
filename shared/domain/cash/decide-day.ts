import type { z } from "zod";
import { closeDay, reportDay } from "#shared/commands/cash.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import { BELIEVED_BEHIND_MS, businessDateOf, nextDate } from "../business-date.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import type { MerchantState } from "../merchant/state.ts";
import type { Numbered } from "./decide-report.ts";
import { nextReport, reportSeriesRef } from "./report-numbers.ts";

function requested(merchant: MerchantState, kind: "x" | "z", number: number, to: string, by: Person): DomainEvent {
  const { name, address, currency, displayDigits, closedThrough } = merchant;
  const from = closedThrough === null ? null : nextDate(closedThrough);
  return { type: "cash.report.requested", data: { kind, number, from, to, merchant: { name, address: [...address] }, currency, displayDigits, by } };
}

/** The day's figures are nobody's single state: the paper is made where they are added up, at this place of the log. */
export const reportDayCommand = command({
  type: "day.report",
  version: 1,
  capability: "manage.view",
  owner: "merchant",
  schema: reportDay,
  reads: (_, __, context) => [ref("merchant", context.merchant), reportSeriesRef(context, "day-x")],
  decide: (_, reader, context): Decision<Numbered> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const merchant = reader.get("merchant", context.merchant);
    if (!merchant) return refuse("merchant-not-ready");
    const { number, report, advance } = nextReport("day-x", reader, context);
    return { changes: [advance, change("cash-report", report, [requested(merchant, "x", number, context.businessDate, by)])], result: { report, number } };
  },
});

type Ended = Numbered & { readonly through: string };

/** The earliest that anything of the place can be dated: a close of what was before has nothing to end, and its figures no days to lie in. */
function firstDateOf({ createdAt, zone, cutOver }: MerchantState): string {
  return businessDateOf(new Date(Date.parse(createdAt) - BELIEVED_BEHIND_MS).toISOString(), zone, cutOver);
}

/** DOM-16: open drawers and open checks hold no day up; the paper names them. */
function decideClose({ date }: z.output<typeof closeDay>, reader: Reader, context: Context): Decision<Ended> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const merchant = reader.get("merchant", context.merchant);
  if (!merchant) return refuse("merchant-not-ready");
  const through = merchant.closedThrough;
  if (through !== null && date <= through) return refuse("day-closed", { through });
  const first = firstDateOf(merchant);
  if (date < first) return refuse("day-too-early", { date: first });
  const today = businessDateOf(context.now, merchant.zone, merchant.cutOver);
  if (date > today) return refuse("day-not-begun", { date: today });
  const { number, report, advance } = nextReport("day-z", reader, context);
  const from = through === null ? null : nextDate(through);
  return {
    changes: [
      change("merchant", merchant.id, [{ type: "commerce.day.closed", data: { date, from, number, report, by } }]),
      advance,
      change("cash-report", report, [requested(merchant, "z", number, date, by)]),
    ],
    result: { report, number, through: date },
  };
}

export const closeDayCommand = command({
  type: "day.close",
  version: 1,
  capability: "approve.cash",
  owner: "merchant",
  schema: closeDay,
  reads: (_, __, context) => [ref("merchant", context.merchant), reportSeriesRef(context, "day-z")],
  decide: decideClose,
});
