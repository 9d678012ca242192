import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { newTipInWords } from "../../kit/words/new-tip.ts";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { DrawerChoice } from "../drawer/drawer-choice.tsx";
import { madeOfCoins, noCoinsInWords, typedMinor } from "../pay/cash-amounts.ts";
import { useOwnDrawer } from "./use-own-drawer.ts";

/** Coins that go over the counter as soon as the payment has this tip. */
export type TipInCoins = { readonly tip: Money; readonly coins: string };
type TipStepProps = { readonly tender: Tender; /** Minor units: the smallest coin of the bill. */ readonly cashStep: bigint; readonly onCoins: (meant: TipInCoins) => void; readonly onDone: () => void };

/** Another tip of a payment that was taken: nothing is confirmed until one is typed that is not there already. */
export function TipStep({ tender, cashStep, onCoins, onDone }: TipStepProps) {
  const approved = useApproved();
  const text = useMoneyText();
  const merchant = useMerchant();
  const drawer = useOwnDrawer();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = tender.tip;
  const inCoins = tender.method === "cash";
  const tip = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);
  const { action, differs, coins } = newTipInWords({ now: tender.tip, next: typed === "" ? null : tip, inCoins }, text);

  const made = inCoins ? madeOfCoins(minorUnits(tip), cashStep) : null;
  const ready = differs && made === null;

  async function go() {
    if (!ready || busy) return;
    setBusy(true);
    if (coins !== null) onCoins({ tip, coins });
    const answer = await approved("payment.adjustTip", { payment: tender.payment, tip, ...(inCoins ? drawer : {}) }, { said: () => [tip.amount === "0" ? "No tip any more" : `Tip ${text(tip)}`, coins].filter(Boolean).join(". ") });
    setBusy(false);
    if (isUnderWay(answer)) onDone();
  }
  return (
    <Stack gap="sm">
      <Text c="var(--ink-2)" ta="center">{tender.tip.amount === "0" ? "No tip so far" : `The tip is ${text(tender.tip)} now`}</Text>
      <Text fz={40} fw={800} lh={1.1} ta="center">{typed === "" ? "–" : text(tip)}</Text>
      {inCoins ? <DrawerChoice /> : null}
      <NumPad label="Tip" value={typed} onChange={setTyped} maxLength={9} corner="00" onEnter={() => void go()} />
      <Text fz={20} fw={700} mih={28} ta="center" role="status" aria-label="Coins">{made === null ? coins : noCoinsInWords(minorUnits(tip), made, (amount) => text(moneyOf(amount, currency)))}</Text>
      <Button size="xl" disabled={!ready} loading={busy} onClick={() => void go()}>{action}</Button>
    </Stack>
  );
}

/** The books have the tip: now the coins go over the counter. */
export function TipCoins({ coins, onDone }: { readonly coins: string; readonly onDone: () => void }) {
  return (
    <Dialog opened onClose={onDone} size={560} title={<Text fz={22} fw={750}>The tip is changed</Text>}>
      <Stack>
        <Text fz={34} fw={850} lh={1.15} ta="center">{coins}</Text>
        <Button size="xl" onClick={onDone}>Done</Button>
      </Stack>
    </Dialog>
  );
}
