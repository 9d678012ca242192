import { generateLedger, makeReceipt, makeReport } from "#shared/commands/ledger.ts";
import { isAccount } from "#shared/ledger/accounts.ts";
import type { FileContent, FileFormat } from "#shared/events/document.ts";
import { mayRead } from "../cash/blind.ts";
import type { Change, Context, Decision, Reader } from "../command.ts";
import { change, command, guard, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";

type Asked = { readonly document: string };

/** `source`: what the content was copied from; it must be as it was read, or a guest who was erased meanwhile would stand in the file. */
function requested({ document }: Asked, content: FileContent, format: FileFormat, reader: Reader, context: Context, source: readonly Change[] = []): Decision<Asked> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (reader.get("document", document)) return refuse("document-exists", { document });
  const merchant = reader.get("merchant", context.merchant);
  if (!merchant) return refuse("merchant-not-ready");
  const { name, address, currency, displayDigits, zone, locale } = merchant;
  const place = { name, address: [...address], currency, displayDigits, zone, locale };
  return { changes: [change("document", document, [{ type: "document.file.requested", data: { content, format, place, by } }]), ...source], result: { document } };
}

const made = { version: 1, owner: "merchant" } as const;

export const generateLedgerCommand = command({
  ...made,
  type: "ledger.generate",
  capability: "manage.view",
  schema: generateLedger,
  reads: (input, _, context) => [ref("document", input.document), ref("merchant", context.merchant)],
  decide: (input, reader, context): Decision<Asked> => {
    const { report } = input;
    if (report.kind === "statement" && !isAccount(report.account)) return refuse("unknown-account", { account: report.account });
    if (report.kind !== "trial-balance" && report.from > report.to) return refuse("dates-reversed", { from: report.from, to: report.to });
    return requested(input, report, input.format, reader, context);
  },
});

export const makeReceiptCommand = command({
  ...made,
  type: "check.makeReceipt",
  capability: "check.settle",
  schema: makeReceipt,
  reads: (input, _, context) => [ref("document", input.document), ref("merchant", context.merchant), ref("check", input.check)],
  decide: (input, reader, context): Decision<Asked> => {
    const check = reader.get("check", input.check);
    if (!check) return refuse("unknown-check", { check: input.check });
    if (!check.receipt) return refuse("check-not-closed", { check: check.id });
    // A file is one more copy of what was printed.
    return requested(input, { kind: "receipt", check: check.id, receipt: { ...check.receipt, copy: check.copies } }, "pdf", reader, context, [guard("check", check.id)]);
  },
});

export const makeReportCommand = command({
  ...made,
  type: "cash.makeReport",
  capability: "drawer.operate",
  alsoAllowed: ["manage.view"],
  schema: makeReport,
  reads: (input, _, context) => [ref("document", input.document), ref("merchant", context.merchant), ref("cash-report", input.report)],
  decide: (input, reader, context): Decision<Asked> => {
    const stored = reader.get("cash-report", input.report);
    if (!stored?.report || !mayRead(stored.report, context.actor.capabilities)) return refuse("unknown-report", { report: input.report });
    return requested(input, { kind: "cash-report", report: stored.report }, input.format, reader, context, [guard("cash-report", stored.id)]);
  },
});
