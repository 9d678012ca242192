import type { DomainEvent } from "#shared/events/catalog.ts";
import type { PaymentMethod } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { Ref } from "../aggregate.ts";
import { toldOf } from "../cash/blind.ts";
import type { Change, Context, Reader, Refusal } from "../command.ts";
import { change, ref, refuse } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { returnToGiftCard } from "../gift-card/gift-card.ts";
import { creditAccount } from "./house-account.ts";
import { openDrawer } from "./open-drawer.ts";

type GiveBack = {
  readonly method: PaymentMethod;
  readonly payment: string;
  readonly account: string | undefined;
  readonly drawer: string | undefined;
  /** Minor units, tip and rounding included; `tip` is a part of it. */
  readonly amount: bigint;
  readonly tip: bigint;
  readonly currency: string;
  /** The refund's id; null for a payment that is voided. */
  readonly document: string | null;
  readonly by: Person;
};

/** What leaves by hand: coins out of today's drawer, a charge off an account, value back on a card. A card slip is reversed at the terminal by the person. */
export function giveBack({ method, payment, account, drawer, amount, tip, currency, document, by }: GiveBack, reader: Reader, context: Context): { readonly changes: readonly Change[]; readonly drawer: string | null } | Refusal {
  const money = moneyOf(amount, currency);
  switch (method) {
    case "cash": {
      const open = openDrawer(drawer, reader);
      if ("refused" in open) return open;
      // A payment that never was coins takes none out; a refund does.
      if (document !== null && amount > minorUnits(open.expected)) return refuse("not-enough-cash", toldOf(open, context));
      const returned: DomainEvent = { type: "cash.drawer.cashReturned", data: { payment, amount: money, tip: moneyOf(tip, currency), document } };
      return { changes: [change("drawer", open.id, [returned])], drawer: open.id };
    }
    case "house-account":
      return { changes: [creditAccount(account ?? "", payment, money)], drawer: null };
    case "gift-card": {
      const returned = returnToGiftCard({ card: account ?? "", amount, payment, document, by }, reader);
      return "refused" in returned ? returned : { changes: [returned], drawer: null };
    }
    case "voucher":
      return { changes: document === null ? [change("voucher", account ?? "", [{ type: "payment.voucher.released", data: { payment } }])] : [], drawer: null };
    default:
      return { changes: [], drawer: null };
  }
}

/** The states that it needs. */
export function giveBackRefs(method: PaymentMethod, account: string | undefined): readonly Ref[] {
  if (account === undefined) return [];
  if (method === "house-account") return [ref("house-account", account)];
  if (method === "gift-card") return [ref("gift-card", account)];
  return method === "voucher" ? [ref("voucher", account)] : [];
}
