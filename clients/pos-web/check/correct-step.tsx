import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { CommandInput } from "#shared/domain/registry.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useAggregates, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { GiftCardNumber } from "../pay/gift-card-number.tsx";
import { useGiftCard } from "../pay/use-gift-card.ts";
import type { StepProps } from "./tender-sheet.tsx";
import { useOwnDrawer } from "./use-own-drawer.ts";

/**
 * How it was really paid, in one step. By hand it is paid at once; a terminal or a code is asked in the same decision that takes the first payment back, so that nobody
 * pays twice, and what it says no to is simply due again.
 */
export function CorrectStep({ tender, closed, onDone }: StepProps & { readonly closed: boolean }) {
  const approved = useApproved();
  const text = useMoneyText();
  const drawer = useOwnDrawer();
  const providers = useMerchant()?.providers ?? [];
  const accounts = useAggregates("house-account").filter((account) => !account.closed && !account.blocked && account.id !== tender.account);
  const [replacement] = useState(() => newId("payment"));
  const [slip, setSlip] = useState("");
  const [byGiftCard, setByGiftCard] = useState(false);
  const [busy, setBusy] = useState(false);
  const whole = moneyOf(minorUnits(tender.amount) + minorUnits(tender.tip), tender.amount.currency);

  async function go(method: CommandInput<"payment.correctTender">["method"]) {
    if (busy) return;
    setBusy(true);
    const cash = tender.method === "cash" || method.method === "cash";
    const answer = await approved("payment.correctTender", { payment: tender.payment, replacement, method, reason: "Wrong way to pay", ...(cash ? drawer : {}) }, { said: () => `${text(whole)} paid another way` });
    setBusy(false);
    if (isUnderWay(answer)) onDone();
  }
  if (byGiftCard) return <GiftCardStep needed={whole} busy={busy} onCard={(card) => void go({ method: "gift-card", card })} />;
  return (
    <Stack>
      <Text c="var(--ink-2)">It stays the same amount. How was it really paid?</Text>
      <SimpleGrid cols={1}>
        {tender.method === "cash" ? null : <Button size="xl" variant="default" loading={busy} onClick={() => void go({ method: "cash" })}>In cash</Button>}
        {closed ? null : providers.map(({ provider, kind, name }) => (
          <Button key={provider} size="xl" variant="default" loading={busy} onClick={() => void go({ method: "provider", provider })}>{kind === "qr" ? `${name}: show a code for ${text(whole)}` : `${name}: charge ${text(whole)} now`}</Button>
        ))}
        <Button size="xl" variant="default" onClick={() => setByGiftCard(true)}>By gift card</Button>
        {accounts.map((account) => <Button key={account.id} size="xl" variant="default" loading={busy} onClick={() => void go({ method: "house-account", account: account.id })}>On account: {account.name}</Button>)}
        {tender.method === "card-manual" ? null : (
          <Group align="end" wrap="nowrap">
            <TextInput style={{ flex: 1 }} label="By card, number of its slip" maxLength={30} value={slip} onChange={(event) => setSlip(event.currentTarget.value)} />
            <Button size="lg" loading={busy} disabled={slip.trim() === ""} onClick={() => void go({ method: "card-manual", slip: slip.trim() })}>By card</Button>
          </Group>
        )}
      </SimpleGrid>
      <Text c="var(--ink-2)">{closed ? "The bill is closed: a terminal can charge nothing on it any more. Refund it, and sell it again." : "When a terminal or a code comes to nothing, the amount is due again. By voucher: take this payment back first."}</Text>
    </Stack>
  );
}

type GiftCardStepProps = { readonly needed: ReturnType<typeof moneyOf>; readonly busy: boolean; readonly onCard: (card: string) => void };

function GiftCardStep({ needed, busy, onCard }: GiftCardStepProps) {
  const text = useMoneyText();
  const card = useGiftCard();
  const short = card.known !== null && minorUnits(card.known.balance) < minorUnits(needed);
  return (
    <Stack>
      <GiftCardNumber card={card} />
      {card.known ? <Text role="status" c={short ? "chili.6" : "var(--ink)"}>On the card: <b>{text(card.known.balance)}</b>{short ? `, ${text(needed)} is needed` : ""}</Text> : null}
      <Button size="xl" color="basil.6" loading={busy} disabled={card.known === null || short} onClick={() => card.known && onCard(card.known.card)}>Take {text(needed)} from the card</Button>
    </Stack>
  );
}
