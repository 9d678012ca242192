import { receiptModel } from "#consumers/printing/slips/from-events.ts";
import { receiptSlip } from "#consumers/printing/slips/receipt-slip.ts";
import { reportSlip } from "#consumers/printing/slips/report-slip.ts";
import { localDateTime } from "#consumers/printing/slips/place.ts";
import type { Sql } from "#hub/db/client.ts";
import { withAccountNames } from "#hub/log/account-names.ts";
import { journalBook, statementBook, trialBalanceBook, type Book } from "./books.ts";
import type { Job } from "./job-store.ts";
import type { Document } from "./model.ts";

/** What the file shows, and what it is called when it is saved. */
export async function documentOf(sql: Sql, job: Job): Promise<Document> {
  const { content, place, askedAt } = job;
  switch (content.kind) {
    case "receipt":
      return { kind: "slip", name: `receipt-${content.receipt.number}`, slip: receiptSlip(receiptModel(await withAccountNames(sql, content.receipt), "receipt", askedAt, place)) };
    case "cash-report": {
      const { report } = content;
      // A file is one more copy of what was printed.
      return { kind: "slip", name: `${report.scope}-${report.kind}-${report.number}`, slip: reportSlip(report, 1, place) };
    }
    case "trial-balance":
      return table(job, "trial-balance", await trialBalanceBook(sql, job, content.at));
    case "journal":
      return table(job, `journal-${content.from}-${content.to}`, await journalBook(sql, job, content));
    case "statement":
      return table(job, `account-${content.account}-${content.from}-${content.to}`, await statementBook(sql, job, content));
  }
}

function table({ place, askedBy, askedAt }: Job, name: string, { title, lines, columns, total, pages }: Book): Document {
  const { currency, displayDigits, locale, zone } = place;
  const head = [[place.name, ...place.address].join(", "), ...lines, `Made for ${askedBy}, ${localDateTime(askedAt, zone)} (${zone}), amounts in ${currency}`];
  return { kind: "table", name, total, pages, table: { title, lines: head, columns, currency, digits: displayDigits, locale } };
}
