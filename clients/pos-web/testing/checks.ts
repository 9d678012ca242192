import type { CheckState } from "#shared/domain/check/state.ts";
import type { Share } from "#shared/events/sale-check.ts";

type GivenShare = { readonly share?: string; readonly quantity?: string; readonly numerator?: number; readonly denominator?: number; readonly price?: string; readonly amount?: string; readonly seat?: number; readonly combo?: Share["combo"] };

/** A line of 10.00 without tax. */
export function shareOf(item: string, { share = item, quantity = "1", numerator = 1, denominator = 1, price = "1000", amount, seat, combo }: GivenShare = {}): Share {
  return {
    share: `shr_${share}`,
    order: "ord_1",
    item: `itm_${item}`,
    numerator,
    denominator,
    name: item,
    quantity,
    unitPrice: { amount: price, currency: "EUR" },
    modifiers: [],
    tax: { code: "none", name: "No tax", rate: "0", inclusive: true },
    seat: seat ?? null,
    ...(amount === undefined ? {} : { amount }),
    ...(combo === undefined ? {} : { combo }),
  };
}

export function checkOf(id: string, shares: readonly Share[], change: Partial<CheckState> = {}): CheckState {
  return {
    id: `chk_${id}`,
    order: "ord_1",
    party: "pty_1",
    label: "5",
    serviceType: "dine_in",
    currency: "EUR",
    policies: { taxes: [{ code: "none", name: "No tax", rate: "0", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up", level: "check" }, cashStep: 1 },
    server: { staff: "stf_1", name: "Mai" },
    openedAt: "2026-11-21T19:00:00.000Z",
    status: "open",
    presented: 0,
    outdated: false,
    tenders: [],
    number: null,
    receipt: null,
    copies: 0,
    shares: Object.fromEntries(shares.map((each) => [each.share, each])),
    ...change,
  };
}
