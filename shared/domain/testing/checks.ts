import fc from "fast-check";
import type { Policies, TaxRate } from "#shared/events/commerce.ts";
import type { Share, Tender } from "#shared/events/sale-check.ts";
import type { CheckState } from "../check/state.ts";
import type { AggregateKind, StateOf } from "../aggregate.ts";
import { isRefusal, type CommandDefinition, type Context, type Reader, type Refusal } from "../command.ts";
import { foldChange } from "../provisional.ts";
import { id, MANAGER } from "./given.ts";

const TAXES: readonly TaxRate[] = [
  { code: "food", name: "VAT 10 %", rate: "0.1", inclusive: true },
  { code: "drink", name: "VAT 19 %", rate: "0.19", inclusive: true },
  { code: "sales", name: "Sales tax", rate: "0.0875", inclusive: false },
  { code: "none", name: "No tax", rate: "0", inclusive: false },
];

/** What the checks of one evening differ in: how they are served, what their policies said of the charge when they were opened, and what people made of it since. */
type Served = Pick<CheckState, "serviceType" | "charge"> & Pick<Policies, "serviceCharge">;
/** `priced`: prices are multiples of so many minor units. */
type Place = { readonly currency: string; readonly policies: Policies; readonly priced: number; readonly served: readonly Served[] };

const anyCharge = fc.option(
  fc.record({ rate: fc.constantFrom("0.05", "0.125"), taxCode: fc.constantFrom(null, "food", "sales"), base: fc.constantFrom("before-discount" as const, "after-discount" as const), removable: fc.boolean() }),
  { nil: null },
).map((charge): Policies["serviceCharge"] => charge && { ...charge, beneficiary: "house", serviceTypes: ["dine_in"] });

/** Mostly as the first check is. */
const anyServed: fc.Arbitrary<Partial<Served>> = fc.oneof(
  fc.constant({}),
  fc.constant({ serviceType: "takeaway" as const }),
  fc.constant({ charge: null }),
  fc.record({ charge: fc.record({ rate: fc.constantFrom("0.18", "0.2"), removable: fc.boolean() }) }),
  fc.record({ serviceCharge: anyCharge }),
);

/** Currencies with 2, 0 and 3 decimals; every way of rounding, to any unit, mostly with prices to match; charges of any kind, also several in one evening. */
export const anyPolicies: fc.Arbitrary<Place> = fc.record({
  currency: fc.constantFrom("EUR", "JPY", "KWD", "IDR"),
  unit: fc.constantFrom(undefined, undefined, 100, 5),
  odd: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  mode: fc.constantFrom("half-up" as const, "half-even" as const, "down" as const),
  level: fc.constantFrom("line" as const, "check" as const),
  charge: anyCharge,
  served: fc.array(anyServed, { maxLength: 3 }),
}).map(({ currency, unit, odd, mode, level, charge, served }) => ({
  currency,
  policies: { taxes: [...TAXES], rounding: { mode, level, ...(unit === undefined ? {} : { unit }) }, cashStep: 1, serviceCharge: charge },
  priced: odd ? 1 : (unit ?? 1),
  served: served.map((one) => ({ serviceType: "dine_in", serviceCharge: charge, ...one })),
}));

type Line = { readonly price: number; readonly quantity: string; readonly tax: number; readonly seat: number | null; readonly combo: boolean; readonly stored: boolean };
const anyLine: fc.Arbitrary<Line> = fc.record({
  price: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 99_999 })),
  quantity: fc.constantFrom("1", "1", "2", "3", "5", "0.5", "7"),
  tax: fc.nat(TAXES.length - 1),
  seat: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
  combo: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  stored: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
});
export const anyLines = fc.array(anyLine, { minLength: 1, maxLength: 6 });

export function checkWith(n: number, lines: readonly Line[], { currency, policies, priced = 1, served: all = [] }: Pick<Place, "currency" | "policies"> & Partial<Place>): CheckState {
  const { serviceCharge, ...served } = all[n - 1] ?? { serviceType: "dine_in" as const, serviceCharge: policies.serviceCharge };
  const shares = lines.map(({ price, quantity, tax, seat, combo, stored }, i): Share => {
    const line = n * 100 + i;
    return {
      share: id("share", line), order: id("order", n), item: id("item", line), numerator: 1, denominator: 1, name: `Dish ${line}`, quantity,
      unitPrice: { amount: String(price * priced), currency }, modifiers: [], tax: TAXES[tax] ?? TAXES[0] as TaxRate, seat,
      ...(stored ? { kind: "stored-value" as const } : combo ? { combo: { combo: id("item", n * 100 + 99), name: "Menu" } } : {}),
    };
  });
  return {
    id: id("check", n), order: id("order", n), party: null, label: `T${n}`, ...served, currency, policies: { ...policies, serviceCharge }, server: { staff: id("staff", 1), name: "Mai" },
    openedAt: "2026-11-20T18:00:00.000Z", status: "open", presented: 0, outdated: false, tenders: [], number: null, receipt: null, copies: 0,
    shares: Object.fromEntries(shares.map((share) => [share.share, share])),
  };
}

export function tenderOf(n: number, amount: bigint, currency: string): Tender {
  const money = (minor: bigint) => ({ amount: minor.toString(), currency });
  return { payment: id("payment", n), method: "card-manual", amount: money(amount), tip: money(0n), tendered: null, change: null, roundingDifference: money(0n), slip: "1" };
}

/** Checks and nothing else: the engine without a restaurant around it, quick enough for ten thousand evenings. */
export function table(checks: readonly CheckState[]) {
  const states = new Map<string, unknown>(checks.map((check) => [check.id, check]));
  let made = 500_000;
  const context: Context = { now: "2026-11-20T19:00:00.000Z", businessDate: "2026-11-20", organizer: id("organizer", 1), merchant: id("merchant", 1), actor: MANAGER, newId: (kind) => id(kind, ++made) };
  const reader: Reader = { get: <K extends AggregateKind>(_: K, stream: string) => states.get(stream) as StateOf[K] | undefined };
  /** The refusal, or null when it was done. */
  function does<Input>(definition: CommandDefinition, input: Input): Refusal | null {
    const parsed: unknown = definition.schema.parse(input);
    const decision = definition.decide(parsed, reader, context);
    if (isRefusal(decision)) return decision;
    for (const change of decision.changes) {
      if (change.kind !== "check") continue;
      states.set(change.stream, foldChange("check", states.get(change.stream) as CheckState | undefined, 1, change, context));
    }
    return null;
  }
  return {
    does,
    get: (check: string) => states.get(check) as CheckState | undefined,
    put: <State extends { readonly id: string }>(state: State) => void states.set(state.id, state),
    all: () => [...states.values()] as CheckState[],
    next: () => ++made,
    pay: (check: CheckState, amount: bigint) => {
      const tender = tenderOf(++made, amount, check.currency);
      const change = { kind: "check" as const, stream: check.id, events: [{ type: "sale.check.paymentApplied" as const, data: { tender, by: { staff: id("staff", 1), name: "Mai" } } }] };
      states.set(check.id, foldChange("check", check, 1, change, context));
    },
  };
}
export type Table = ReturnType<typeof table>;
