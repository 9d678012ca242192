import { printReceipt } from "#shared/commands/check.ts";
import type { Decision } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";

/** The receipt as it was closed; copy 0 is the original, every later one says that it is a copy. */
export const printReceiptCommand = command({
  type: "check.printReceipt",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: printReceipt,
  reads: (input) => [ref("check", input.check)],
  decide: (input, reader, context): Decision<{ copy: number }> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const check = reader.get("check", input.check);
    if (!check) return refuse("unknown-check", { check: input.check });
    if (!check.receipt) return refuse("check-not-closed", { check: check.id });
    const receipt = { ...check.receipt, copy: check.copies };
    return { changes: [change("check", check.id, [{ type: "sale.check.receiptRequested", data: { receipt, by } }])], result: { copy: check.copies } };
  },
});
