import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { OpenDrawerForm } from "../drawer/open-drawer-form.tsx";
import { useOpenDrawer } from "../drawer/use-open-drawer.ts";
import type { OrderWork } from "../order/use-order-work.ts";
import { AmountField } from "./amount-field.tsx";
import { handedOver, typedMinor } from "./cash-amounts.ts";
import classes from "./check-screen.module.css";
import { UnsentNotice } from "./unsent-notice.tsx";

type Field = "part" | "tip" | "received" | "slip";
type PayPaneProps = { readonly work: OrderWork; readonly check: CheckState; readonly unsent: number };

/** Exact cash is one tap here; a part, a tip or a card take the pad. Money is shown as paid when the hub says so, never before. */
export function PayPane({ work, check, unsent }: PayPaneProps) {
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const drawer = useOpenDrawer();
  const maySettle = useMay("check.settle");
  const [method, setMethod] = useState<"cash" | "card">("cash");
  const [field, setField] = useState<Field>("received");
  const [typed, setTyped] = useState<Readonly<Record<Field, string>>>({ part: "", tip: "", received: "", slip: "" });
  const [busy, setBusy] = useState(false);

  const { currency } = check;
  const minor = (digits: string) => typedMinor(digits, currency, merchant?.displayDigits ?? 2);
  const money = (amount: bigint) => text(moneyOf(amount, currency));
  const due = BigInt(checkTotals(check).due);
  const part = typed.part === "" ? null : minor(typed.part);
  const covers = part ?? due;
  const tip = minor(typed.tip);
  // Only cash that clears the check is rounded to coins that exist.
  const cash = (covers === due ? roundToStep(covers, BigInt(check.policies.cashStep)) : covers) + tip;
  const rounded = cash !== covers + tip;
  const received = typed.received === "" ? cash : minor(typed.received);
  const tooMuch = covers > due;

  /** Stays busy until the check shows the payment (this pane is then made anew): a second tap must not take it twice. */
  async function pay(go: () => Promise<{ readonly ok: boolean }>) {
    if (busy) return;
    setBusy(true);
    const answer = await go();
    if (!answer.ok) setBusy(false);
  }
  const common = () => ({ payment: newId("payment"), check: check.id, ...(part === null ? {} : { amount: moneyOf(part, currency) }), ...(tip === 0n ? {} : { tip: moneyOf(tip, currency) }) });
  const takeCash = (tendered: bigint) => (drawer ? pay(() => send("payment.takeCash", { ...common(), drawer: drawer.id, tendered: moneyOf(tendered, currency) })) : Promise.resolve());
  const takeCard = () => pay(() => send("payment.takeCard", { ...common(), slip: typed.slip }));

  function press(digits: string) {
    setTyped({ ...typed, [field]: digits });
  }

  return (
    <aside className={classes["pay"]} aria-label="Payment">
      {unsent > 0 ? <UnsentNotice work={work} count={unsent} /> : null}
      <Group justify="space-between" align="baseline">
        <Text fz={18} c="var(--ink-2)">Due</Text>
        <Text fz={38} fw={800} lh={1.1} aria-label="Due">{money(due)}</Text>
      </Group>
      <SegmentedControl
        fullWidth
        size="md"
        aria-label="Method"
        value={method}
        onChange={(value) => {
          setMethod(value === "card" ? "card" : "cash");
          setField(value === "card" ? "slip" : "received");
        }}
        data={[{ value: "cash", label: "Cash" }, { value: "card", label: "Card by hand" }]}
      />
      <div className={classes["fields"]}>
        <AmountField label="Part of it" value={part === null ? "all" : money(part)} active={field === "part"} wrong={tooMuch} onPick={() => setField("part")} />
        <AmountField label="Tip" value={tip === 0n ? "none" : money(tip)} active={field === "tip"} onPick={() => setField("tip")} />
        {method === "cash" ? (
          <AmountField label="Received" value={typed.received === "" ? "exact" : money(received)} active={field === "received"} onPick={() => setField("received")} />
        ) : (
          <AmountField label="Slip number" value={typed.slip || "–"} active={field === "slip"} onPick={() => setField("slip")} />
        )}
      </div>
      {method === "cash" && !drawer ? (
        <OpenDrawerForm compact />
      ) : (
        <>
          {method === "cash" ? (
            <div className={classes["quick"]}>
              <Button className={classes["exact"] ?? ""} size="xl" color="basil.6" loading={busy} disabled={!maySettle || tooMuch || covers === 0n} onClick={() => void takeCash(cash)} aria-label="Exact cash" aria-description={rounded ? `rounded from ${money(covers + tip)}` : undefined}>
                <span className={classes["exactText"]}>
                  Exact {money(cash)}
                  {rounded ? <small>rounded from {money(covers + tip)}</small> : null}
                </span>
              </Button>
              {handedOver(cash).map((amount) => (
                <Button key={amount.toString()} variant="default" px={4} disabled={busy || !maySettle || tooMuch} onClick={() => void takeCash(amount)} aria-label={`Cash ${money(amount)}`}>{money(amount)}</Button>
              ))}
            </div>
          ) : null}
          <NumPad label="Amount" value={typed[field]} onChange={press} maxLength={field === "slip" ? 20 : 10} corner={field === "slip" ? "clear" : "00"} />
          {method === "cash" ? (
            <Button size="lg" disabled={!maySettle || tooMuch || typed.received === "" || received < cash} loading={busy} onClick={() => void takeCash(received)}>
              {typed.received === "" ? "Take cash" : received < cash ? `${money(cash - received)} missing` : `Take cash, change ${money(received - cash)}`}
            </Button>
          ) : (
            <Button size="xl" color="basil.6" disabled={!maySettle || tooMuch || typed.slip === "" || covers === 0n} loading={busy} onClick={() => void takeCard()}>Take card {money(covers + tip)}</Button>
          )}
        </>
      )}
    </aside>
  );
}
