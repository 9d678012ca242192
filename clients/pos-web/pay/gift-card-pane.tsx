import { Button, Text } from "@mantine/core";
import { minorUnits } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { GiftCardNumber } from "./gift-card-number.tsx";
import { PayFields } from "./pay-fields.tsx";
import type { PayForm } from "./pay-pane.tsx";
import { useGiftCard } from "./use-gift-card.ts";

/** By the number on the card; what is left on it stays on it. */
export function GiftCardPane({ form }: { readonly form: PayForm }) {
  const send = useSend();
  const text = useMoneyText();
  const card = useGiftCard();
  const { typed, field, may, busy, tooMuch, covers, tip, money } = form;
  const { known } = card;
  const balance = known ? minorUnits(known.balance) : 0n;
  const wanted = covers + tip;
  // Of all that is due the hub takes what is on it; an amount that was typed is taken as it is, or not at all.
  const takes = typed.part === "" && tip < balance && balance < wanted ? balance : wanted;
  return (
    <>
      <GiftCardNumber card={card} />
      {known ? <Text role="status">On the card: <b>{text(known.balance)}</b>{takes < wanted ? `, ${money(wanted - takes)} stays to be paid` : ""}</Text> : null}
      <PayFields form={form} />
      <NumPad label="Amount" value={field === "own" ? "" : typed[field]} onChange={form.type} maxLength={form.mostDigits} corner="00" disabled={field === "own"} />
      <Button size="xl" color="basil.6" loading={busy} disabled={!may || tooMuch || known === null || covers === 0n} onClick={() => void form.pay(() => send("payment.takeGiftCard", { ...form.common(), card: known?.card ?? "" }))}>Take {money(takes)} from the card</Button>
    </>
  );
}
