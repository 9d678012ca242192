import { Text, VisuallyHidden } from "@mantine/core";
import { memo, useState, type ReactNode } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useAggregates, useMay, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { cameToNothing } from "../../kit/words/ended-attempts.ts";
import { FOCUS_HOME } from "../../kit/ui/use-kept-focus.ts";
import { CardByHand } from "./card-by-hand.tsx";
import { digitsOf, mostDigits, typedMinor } from "./cash-amounts.ts";
import { CashPane } from "./cash-pane.tsx";
import { EndedNotice } from "./ended-notice.tsx";
import { GiftCardPane } from "./gift-card-pane.tsx";
import { HouseAccountPane } from "./house-account-pane.tsx";
import { MethodChoice } from "./method-choice.tsx";
import { methodsOf, type Method } from "./methods.ts";
import classes from "./pay.module.css";
import { ProviderPane } from "./provider-pane.tsx";
import { TipSuggestions } from "./tip-suggestions.tsx";
import { VoucherPane } from "./voucher-pane.tsx";

/** What is to be paid: a check, or one part of a check that is paid in equal parts or by amounts. */
export type Payable = { readonly check: CheckState; readonly part: string | null; readonly due: bigint; readonly name: string };

export type PayField = "part" | "tip" | "own";
type Typed = Readonly<Record<PayField, string>>;

/** What every way to pay gets: what it covers, the tip on top, and the pad's own field. */
export type PayForm = {
  readonly payable: Payable;
  readonly covers: bigint;
  readonly tip: bigint;
  /** More than is due. */
  readonly tooMuch: boolean;
  readonly may: boolean;
  readonly busy: boolean;
  readonly field: PayField;
  readonly typed: Typed;
  /** Of an amount, on the pad. */
  readonly mostDigits: number;
  readonly pick: (field: PayField) => void;
  readonly type: (digits: string) => void;
  minor(digits: string): bigint;
  money(amount: bigint): string;
  /** Of every command that takes money. */
  common(): { readonly payment: string; readonly check: string; readonly part?: string; readonly amount?: ReturnType<typeof moneyOf>; readonly tip?: ReturnType<typeof moneyOf> };
  pay(go: () => Promise<{ readonly ok: boolean }>): Promise<void>;
};

const EMPTY: Typed = { part: "", tip: "", own: "" };

/** Exact cash is one tap here; a part, a tip or another way take the pad. Money is shown as paid when the hub says so, never before. */
export const PayPane = memo(function PayPane({ payable, settling, notice }: { readonly payable: Payable; readonly settling: boolean; readonly notice?: ReactNode }) {
  const text = useMoneyText();
  const merchant = useMerchant();
  const may = useMay("check.settle");
  const accounts = useAggregates("house-account").filter((account) => !account.closed);
  const methods = methodsOf(merchant, accounts.length > 0);
  const { check, part, due } = payable;
  const { currency } = check;
  const displayDigits = merchant?.displayDigits ?? 2;
  const ended = cameToNothing(useAggregates("payment"), check.id);
  // After a no the terminal is mostly tried again, with the same amount and tip.
  const again = ended && (ended.tender.part ?? null) === part ? ended : null;
  const [key, setKey] = useState(again?.request?.provider ?? methods[0]?.key ?? "cash");
  const [field, setField] = useState<PayField>("own");
  const [typed, setTyped] = useState<Typed>(() => (again ? typedFor(again.tender, due, displayDigits) : EMPTY));
  const [busy, setBusy] = useState(false);

  const minor = (digits: string) => typedMinor(digits, currency, displayDigits);
  const some = typed.part === "" ? null : minor(typed.part);
  const covers = some ?? due;
  const tip = minor(typed.tip);
  const form: PayForm = {
    payable,
    covers,
    tip,
    tooMuch: covers > due,
    may,
    busy: busy || settling,
    field,
    typed,
    mostDigits: mostDigits(currency, displayDigits),
    pick: setField,
    type: (digits) => setTyped({ ...typed, [field]: digits }),
    minor,
    money: (amount) => text(moneyOf(amount, currency)),
    common: () => ({
      payment: newId("payment"),
      check: check.id,
      ...(part === null ? {} : { part }),
      ...(some === null ? {} : { amount: moneyOf(some, currency) }),
      ...(tip === 0n ? {} : { tip: moneyOf(tip, currency) }),
    }),
    /** Stays busy until the check shows the payment (this pane is then made anew): a second tap must not take it twice. */
    async pay(go) {
      if (busy || settling) return;
      setBusy(true);
      const answer = await go();
      if (!answer.ok) setBusy(false);
    },
  };

  function choose(method: Method) {
    setKey(method.key);
    setField("own");
    setTyped({ ...typed, own: "" });
  }

  const method = methods.find((each) => each.key === key) ?? methods[0];
  return (
    <aside className={classes["pay"]} aria-label="Payment">
      {notice}
      <EndedNotice check={check.id} />
      <h2 className={classes["due"]} {...FOCUS_HOME}>
        <Text span fz={18} c="var(--ink-2)" truncate>{payable.name === "" ? "Due" : payable.name}</Text>
        {payable.name === "" ? null : <VisuallyHidden>Due</VisuallyHidden>}
        <b>{form.money(due)}</b>
      </h2>
      {method ? <MethodChoice methods={methods} chosen={method} onChoose={choose} /> : null}
      {field === "tip" ? <TipSuggestions form={form} onPick={(amount) => setTyped({ ...typed, tip: amount })} displayDigits={displayDigits} inCoins={method?.method === "cash"} /> : null}
      {method ? <OneMethod key={method.key} method={method} form={form} /> : null}
    </aside>
  );
});

function typedFor({ amount, tip }: Tender, due: bigint, displayDigits: number): Typed {
  const asked = minorUnits(amount);
  return { ...EMPTY, part: asked < due ? digitsOf(asked, amount.currency, displayDigits) : "", tip: digitsOf(minorUnits(tip), tip.currency, displayDigits) };
}

function OneMethod({ method, form }: { readonly method: Method; readonly form: PayForm }) {
  switch (method.method) {
    case "cash":
      return <CashPane form={form} />;
    case "card-terminal":
    case "qr":
      return method.provider ? <ProviderPane form={form} provider={method.provider} /> : null;
    case "card-manual":
      return <CardByHand form={form} />;
    case "voucher":
      return <VoucherPane form={form} />;
    case "gift-card":
      return <GiftCardPane form={form} />;
    case "house-account":
      return <HouseAccountPane form={form} />;
  }
}
