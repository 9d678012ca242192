import { Button, Group, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { typedGiftCardCode } from "#shared/domain/gift-card/code.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits } from "#shared/money/money.ts";
import { failureOf } from "../../kit/api.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useHub } from "../../kit/hooks.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { refusalInWords } from "../../kit/words/refusals.ts";
import { PayFields } from "./pay-fields.tsx";
import type { PayForm } from "./pay-pane.tsx";

/** By the number on the card; what is left on it stays on it. */
export function GiftCardPane({ form }: { readonly form: PayForm }) {
  const send = useSend();
  const text = useMoneyText();
  const [card, setCard] = useState("");
  const { typed, field, may, busy, tooMuch, covers, tip, money } = form;
  const hub = useHub();
  const [found, setFound] = useState<{ readonly code: string; readonly card: string; readonly balance: Money } | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const code = typedGiftCardCode(card);
  const known = found !== null && found.code === code ? found : null;
  const balance = known ? minorUnits(known.balance) : 0n;
  const wanted = covers + tip;
  // Of all that is due the hub takes what is on it; an amount that was typed is taken as it is, or not at all.
  const takes = typed.part === "" && tip < balance && balance < wanted ? balance : wanted;

  async function look() {
    try {
      const { card: id, balance } = await hub.api.query<{ card: string; balance: Money }>("giftCard.find", { code: card }, await hub.token());
      setFound({ code: code ?? "", card: id, balance });
      setMissing(null);
    } catch (error) {
      const failure = failureOf(error);
      setMissing(failure.kind === "refused" ? refusalInWords(failure.refusal) : "The hub does not answer.");
    }
  }
  return (
    <>
      <Group component="form" align="flex-end" wrap="nowrap" onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (code !== undefined) void look();
      }}>
        <TextInput style={{ flex: 1 }} label="Number of the card" maxLength={60} value={card} onChange={(event) => setCard(event.currentTarget.value)} error={missing} autoComplete="off" />
        <Button type="submit" size="lg" variant="default" disabled={code === undefined}>Look up</Button>
      </Group>
      {known ? <Text role="status">On the card: <b>{text(known.balance)}</b>{takes < wanted ? `, ${money(wanted - takes)} stays to be paid` : ""}</Text> : null}
      <PayFields form={form} />
      <NumPad label="Amount" value={field === "own" ? "" : typed[field]} onChange={form.type} maxLength={10} corner="00" disabled={field === "own"} />
      <Button size="xl" color="basil.6" loading={busy} disabled={!may || tooMuch || known === null || covers === 0n} onClick={() => void form.pay(() => send("payment.takeGiftCard", { ...form.common(), card: known?.card ?? "" }))}>Take {money(takes)} from the card</Button>
    </>
  );
}
