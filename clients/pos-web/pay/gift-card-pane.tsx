import { Button, Group, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { typedGiftCardCode } from "#shared/domain/gift-card/code.ts";
import type { Money } from "#shared/events/primitives.ts";
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
  const { typed, field, may, busy, tooMuch, covers, money } = form;
  const hub = useHub();
  const [found, setFound] = useState<{ readonly code: string; readonly card: string; readonly balance: Money } | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const code = typedGiftCardCode(card);
  const known = found !== null && found.code === code ? found : null;

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
      <Group align="flex-end" wrap="nowrap">
        <TextInput style={{ flex: 1 }} label="Number of the card" maxLength={60} value={card} onChange={(event) => setCard(event.currentTarget.value)} error={missing} autoComplete="off" />
        <Button size="lg" variant="default" disabled={code === undefined} onClick={() => void look()}>Look up</Button>
      </Group>
      {known ? <Text role="status">On the card: <b>{text(known.balance)}</b></Text> : null}
      <PayFields form={form} />
      <NumPad label="Amount" value={field === "own" ? "" : typed[field]} onChange={form.type} maxLength={10} corner="00" disabled={field === "own"} />
      <Button size="xl" color="basil.6" loading={busy} disabled={!may || tooMuch || known === null || covers === 0n} onClick={() => void form.pay(() => send("payment.takeGiftCard", { ...form.common(), card: known?.card ?? "" }))}>Take {money(covers)} from the card</Button>
    </>
  );
}
