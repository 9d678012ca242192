import { addPrinter, addStation, addTable, changePolicies, changePriceRules, changeProfile, changeRoutes } from "#shared/commands/settings.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { PriceRule } from "#shared/events/commerce.ts";
import { minorUnits } from "#shared/money/money.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";
import { differing, sameJson } from "../same.ts";
import { unitNow } from "./charged-unit.ts";
import { policiesRefusal, unitsRefusal } from "./policy-rules.ts";
import { profileOf, type MerchantState } from "./state.ts";

const settings = { version: 1, capability: "manage.settings", owner: "merchant" } as const;

function merchantOf(reader: Reader, context: Context): MerchantState | Refusal {
  return reader.get("merchant", context.merchant) ?? refuse("merchant-not-ready");
}

function written(merchant: MerchantState, event: DomainEvent): Decision<Nothing> {
  return { changes: [change("merchant", merchant.id, [event])], result: {} };
}

/** A rule that is there may keep what it says, as prices may. */
function rulePriceRefusal(rules: readonly PriceRule[], merchant: MerchantState): Refusal | null {
  const amountOf = ({ change: to }: PriceRule) => (to.kind === "price" ? to.price : to.kind === "amount-off" ? to.amount : null);
  const there = merchant.priceRules.flatMap((rule) => amountOf(rule) ?? []).map(minorUnits);
  for (const rule of rules) {
    const odd = unitRefusal({ price: amountOf(rule) }, unitNow(merchant), there);
    if (odd) return odd;
  }
  return null;
}

function priceRulesRefusal(rules: readonly PriceRule[], currency: string): Refusal | null {
  const keys = rules.map(({ rule }) => rule);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) return refuse("duplicate-key", { key: twice });
  const empty = rules.find(({ from, to }) => from === to);
  if (empty) return refuse("empty-time", { rule: empty.rule });
  const idle = rules.find(({ products, categories }) => products.length + categories.length === 0);
  if (idle) return refuse("rule-of-nothing", { rule: idle.rule });
  const foreign = rules.some(({ change: to }) => (to.kind === "price" ? to.price.currency : to.kind === "amount-off" ? to.amount.currency : currency) !== currency);
  return foreign ? refuse("wrong-currency", { currency }) : null;
}

function unknownStation(merchant: MerchantState, stations: readonly string[]): Refusal | null {
  const unknown = stations.find((id) => !merchant.stations.some((station) => station.station === id));
  return unknown === undefined ? null : refuse("unknown-station", { station: unknown });
}

/** Each of these is written whole: of two who changed one thing each, the second would take back what the first did. */
function meanwhile(was: object | null, now: object | null): Refusal | null {
  const changed = differing(was, now);
  return changed.length === 0 ? null : refuse("changed-meanwhile", { changed });
}

export const changePoliciesCommand = command({
  ...settings,
  type: "commerce.changePolicies",
  schema: changePolicies,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: ({ was, policies }, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    const changed = meanwhile(was, merchant.policies);
    if (changed) return changed;
    return policiesRefusal(policies, merchant.policies) ?? unitsRefusal(policies, merchant) ?? written(merchant, { type: "commerce.policies.changed", data: policies });
  },
});

export const changeProfileCommand = command({
  ...settings,
  type: "commerce.changeProfile",
  schema: changeProfile,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: ({ was, profile }, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    const { currency, policies } = merchant;
    const unfit = policies && unitsRefusal(policies, { currency, displayDigits: profile.displayDigits });
    return meanwhile(was, profileOf(merchant)) ?? unfit ?? written(merchant, { type: "commerce.profile.changed", data: profile });
  },
});

/** Another branch's products have no hours here. */
function unknownOf(rules: readonly PriceRule[], reader: Reader): Refusal | null {
  const product = rules.flatMap(({ products }) => products).find((each) => !reader.get("product", each));
  if (product !== undefined) return refuse("unknown-product", { product });
  const category = rules.flatMap(({ categories }) => categories).find((each) => !reader.get("category", each));
  return category === undefined ? null : refuse("unknown-category", { category });
}

export const changePriceRulesCommand = command({
  ...settings,
  type: "commerce.changePriceRules",
  schema: changePriceRules,
  reads: ({ rules }, _, context) => [
    ref("merchant", context.merchant),
    ...[...new Set(rules.flatMap(({ products }) => products))].map((product) => ref("product", product)),
    ...[...new Set(rules.flatMap(({ categories }) => categories))].map((category) => ref("category", category)),
  ],
  decide: ({ was, rules }, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    // All are written at once: of two who changed one rule each, the second would take back what the first did.
    if (!sameJson(was, merchant.priceRules)) return refuse("changed-meanwhile");
    return priceRulesRefusal(rules, merchant.currency) ?? rulePriceRefusal(rules, merchant) ?? unknownOf(rules, reader) ?? written(merchant, { type: "commerce.price-rules.changed", data: { rules } });
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
  decide: ({ was, rules }, reader, context): Decision<Nothing> => {
    const merchant = merchantOf(reader, context);
    if ("refused" in merchant) return merchant;
    const changed = meanwhile({ routes: was }, { routes: merchant.routes });
    if (changed) return changed;
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
