import { addPrinter, addStation, addTable, changePolicies, changeRoutes } from "#shared/commands/settings.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";
import { policiesRefusal } from "./decide-onboarding.ts";
import type { MerchantState } from "./state.ts";

const settings = { version: 1, capability: "manage.settings", owner: "merchant" } as const;

function merchantOf(reader: Reader, context: Context): MerchantState | Refusal {
  return reader.get("merchant", context.merchant) ?? refuse("merchant-not-ready");
}

function written(merchant: MerchantState, event: DomainEvent): Decision<Nothing> {
  return { changes: [change("merchant", merchant.id, [event])], result: {} };
}

function unknownStation(merchant: MerchantState, stations: readonly string[]): Refusal | null {
  const unknown = stations.find((id) => !merchant.stations.some((station) => station.station === id));
  return unknown === undefined ? null : refuse("unknown-station", { station: unknown });
}

export const changePoliciesCommand = command({
  ...settings,
  type: "commerce.changePolicies",
  schema: changePolicies,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: ({ policies }, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    return policiesRefusal(policies) ?? written(merchant, { type: "commerce.policies.changed", data: policies });
  },
});

export const addStationCommand = command({
  ...settings,
  type: "commerce.addStation",
  schema: addStation,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: (input, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    if (merchant.stations.some((station) => station.station === input.station)) return refuse("station-exists", { station: input.station });
    return written(merchant, { type: "commerce.station.added", data: input });
  },
});

export const addPrinterCommand = command({
  ...settings,
  type: "commerce.addPrinter",
  schema: addPrinter,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: (input, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    if (merchant.printers.some((printer) => printer.printer === input.printer)) return refuse("printer-exists", { printer: input.printer });
    return unknownStation(merchant, input.stations) ?? written(merchant, { type: "commerce.printer.added", data: input });
  },
});

export const changeRoutesCommand = command({
  ...settings,
  type: "commerce.changeRoutes",
  schema: changeRoutes,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: ({ rules }, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    return unknownStation(merchant, rules.flatMap((rule) => rule.stations)) ?? written(merchant, { type: "commerce.routes.changed", data: { rules } });
  },
});

export const addTableCommand = command({
  ...settings,
  type: "commerce.addTable",
  schema: addTable,
  reads: (input) => [ref("table", input.table)],
  decide: ({ table, ...data }, reader): Decision<Nothing> => {
    if (reader.get("table", table)) return refuse("table-exists", { table });
    return { changes: [change("table", table, [{ type: "commerce.table.added", data }])], result: {} };
  },
});
