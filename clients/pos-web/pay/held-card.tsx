import { Button, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { OpenAttempt } from "#shared/domain/check/evolve-payments.ts";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregate, useMay, useMerchant } from "../../kit/hooks.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { newTipInWords } from "../../kit/words/new-tip.ts";
import { attemptDue } from "../check/parts.ts";
import { typedMinor } from "./cash-amounts.ts";
import { TipButtons } from "./tip-suggestions.tsx";

/** Money that is held and not taken: a tab, or a card whose slip still wants its tip. The tip is told to the terminal first, then what is due is taken with it. */
export function HeldCard({ attempt, payment, held }: { readonly attempt: OpenAttempt; readonly payment: PaymentState; readonly held: bigint }) {
  const send = useSend();
  const text = useMoneyText();
  const may = useMay("check.settle");
  const merchant = useMerchant();
  const check = useAggregate("check", payment.check);
  const [busy, setBusy] = useState(false);
  const [typing, setTyping] = useState(false);
  const [typed, setTyped] = useState("");
  const { currency } = attempt.amount;
  const displayDigits = merchant?.displayDigits ?? 2;
  const money = (amount: bigint) => text(moneyOf(amount, currency));
  const due = check ? attemptDue(check, attempt) : 0n;
  const takes = due < held ? due : held;
  const tip = minorUnits(payment.tender.tip);
  const asking = payment.pending !== null;

  async function during(go: () => Promise<unknown>) {
    if (busy) return;
    setBusy(true);
    await go();
    setBusy(false);
  }
  const setTip = (amount: bigint) =>
    during(async () => {
      const { ok } = await send("payment.adjustTip", { payment: payment.id, tip: moneyOf(amount, currency) });
      if (!ok) return;
      setTyping(false);
      setTyped("");
    });
  const own = moneyOf(typedMinor(typed, currency, displayDigits), currency);
  const { action, differs } = newTipInWords({ now: payment.tender.tip, next: typed === "" ? null : own, inCoins: false }, text);
  const setOwn = () => (differs && !asking ? setTip(minorUnits(own)) : undefined);

  return (
    <Stack gap="sm">
      <Text fz={19} fw={650}>{money(held)} is held on the card</Text>
      <Group justify="space-between" wrap="nowrap">
        <Text c="var(--ink-2)">Tip on the slip</Text>
        <Text fz={22} fw={750}>{asking && payment.pending?.tip ? `${text(payment.pending.tip)}…` : tip === 0n ? "none" : money(tip)}</Text>
      </Group>
      {check ? <TipButtons check={check} covers={takes} displayDigits={displayDigits} disabled={busy || asking || !may} money={money} onPick={(amount) => void setTip(amount)} /> : null}
      {typing ? (
        <>
          <Text fz={30} fw={800} ta="center"><VisuallyHidden>Tip </VisuallyHidden>{typed === "" ? "–" : text(own)}</Text>
          <NumPad label="Tip" value={typed} onChange={setTyped} maxLength={9} corner="00" onEnter={() => void setOwn()} />
          <Button variant="default" disabled={busy || asking || !differs} onClick={() => void setOwn()}>{action}</Button>
        </>
      ) : (
        <Button variant="default" disabled={asking || !may} onClick={() => setTyping(true)}>Another tip</Button>
      )}
      {takes < due ? <Text c="var(--ink-2)">{money(due - takes)} stays to be paid: more is due than is held.</Text> : null}
      <Button size="xl" color="basil.6" loading={busy || asking} disabled={!may || takes <= 0n} onClick={() => void during(() => send("payment.capture", { payment: payment.id }))}>Take {money(takes + tip)}</Button>
      <Button variant="default" disabled={busy || asking || !may} onClick={() => void during(() => send("payment.cancelAttempt", { payment: payment.id }))}>Give back</Button>
    </Stack>
  );
}
