import type { z } from "zod";
import { closeDrawer, openDrawer } from "#shared/commands/cash.ts";
import type { Denominations } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { unitNow } from "../merchant/charged-unit.ts";
import { tillStream } from "../streams.ts";
import { drawerReportOf } from "./drawer-report.ts";
import { nextReport, reportSeriesRef } from "./report-numbers.ts";

/** DOM-16: one session at a time of a till; two devices that open it at once meet on the till's stream. */
function decideOpen({ drawer, name, float }: z.output<typeof openDrawer>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (reader.get("drawer", drawer)) return refuse("drawer-exists", { drawer });
  const merchant = reader.get("merchant", context.merchant);
  if (!merchant) return refuse("merchant-not-ready");
  if (float.currency !== merchant.currency) return refuse("wrong-currency", { currency: merchant.currency });
  const odd = unitRefusal({ float }, unitNow(merchant));
  if (odd) return odd;
  const till = tillStream(context.merchant, name);
  const open = reader.get("till", till)?.drawer;
  if (open) return refuse("drawer-open", { drawer: open, name });
  return {
    changes: [
      change("drawer", drawer, [{ type: "cash.drawer.opened", data: { name, float, by } }]),
      change("till", till, [{ type: "cash.till.occupied", data: { drawer, name } }]),
    ],
    result: {},
  };
}

type Closed = { readonly expected: Money; readonly difference: Money; readonly report: string; readonly number: number };

function sumOf(pieces: Denominations): bigint {
  return pieces.reduce((sum, { value, pieces: many }) => sum + BigInt(value) * BigInt(many), 0n);
}

/** The count comes before anybody is told what was expected. */
function decideClose(input: z.output<typeof closeDrawer>, reader: Reader, context: Context): Decision<Closed> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const drawer = reader.get("drawer", input.drawer);
  if (!drawer) return refuse("unknown-drawer", { drawer: input.drawer });
  if (drawer.closed) return refuse("drawer-closed", { drawer: drawer.id, name: drawer.name });
  const merchant = reader.get("merchant", context.merchant);
  if (!merchant) return refuse("merchant-not-ready");
  const { expected, name } = drawer;
  const { counted, denominations = [] } = input;
  if (counted.currency !== expected.currency) return refuse("wrong-currency", { currency: expected.currency });
  const odd = unitRefusal({ counted }, unitNow(merchant));
  if (odd) return odd;
  const sum = sumOf(denominations);
  if (denominations.length > 0 && sum !== minorUnits(counted)) return refuse("count-does-not-add-up", { sum: moneyOf(sum, expected.currency) });
  const difference = moneyOf(minorUnits(counted) - minorUnits(expected), expected.currency);
  const { number, report, advance } = nextReport("drawer-z", reader, context);
  const count = { counted, difference, denominations: [...denominations], note: input.note ?? null };
  const document = drawerReportOf(drawer, merchant, { kind: "z", number, by, count }, context);
  return {
    changes: [
      change("drawer", drawer.id, [{ type: "cash.drawer.closed", data: { counted, expected, difference, by, report, number } }]),
      change("till", tillStream(context.merchant, name), [{ type: "cash.till.released", data: { drawer: drawer.id } }]),
      advance,
      change("cash-report", report, [{ type: "cash.report.made", data: { report: document } }]),
    ],
    result: { expected, difference, report, number },
  };
}

export const openDrawerCommand = command({
  type: "drawer.open",
  version: 1,
  capability: "drawer.operate",
  owner: "merchant",
  schema: openDrawer,
  reads: (input, _, context) => [ref("drawer", input.drawer), ref("till", tillStream(context.merchant, input.name)), ref("merchant", context.merchant)],
  decide: decideOpen,
});

export const closeDrawerCommand = command({
  type: "drawer.close",
  version: 1,
  capability: "drawer.operate",
  owner: "merchant",
  schema: closeDrawer,
  reads: (input, reader, context) => {
    const drawer = reader.get("drawer", input.drawer);
    return [
      ref("drawer", input.drawer),
      ref("merchant", context.merchant),
      reportSeriesRef(context, "drawer-z"),
      ...(drawer ? [ref("till", tillStream(context.merchant, drawer.name))] : []),
    ];
  },
  decide: decideClose,
});
