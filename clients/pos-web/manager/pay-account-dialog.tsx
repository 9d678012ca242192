import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { HouseAccountState } from "#shared/domain/payment/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { useOpenDrawer } from "../drawer/use-open-drawer.ts";
import { typedMinor } from "../pay/cash-amounts.ts";

/** What the guest pays of what they owe, all of it unless an amount is typed. A slip comes out for them. */
export function PayAccountDialog({ account, onClose }: { readonly account: HouseAccountState; readonly onClose: () => void }) {
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const drawer = useOpenDrawer();
  const [payment] = useState(() => newId("payment"));
  const [way, setWay] = useState<"cash" | "card">(drawer ? "cash" : "card");
  const [typed, setTyped] = useState("");
  const [slip, setSlip] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = account.balance;
  const owed = minorUnits(account.balance);
  const amount = typed === "" ? owed : typedMinor(typed, currency, merchant?.displayDigits ?? 2);
  const coins = way === "cash" && amount === owed ? roundToStep(amount, BigInt(merchant?.policies?.cashStep ?? 1)) : amount;
  const tooMuch = amount > owed;
  const missing = way === "cash" ? drawer === undefined : slip.trim() === "";

  async function pay() {
    if (busy || missing || tooMuch || amount === 0n) return;
    const method = way === "cash" && drawer ? ({ method: "cash", drawer: drawer.id } as const) : ({ method: "card-manual", slip: slip.trim() } as const);
    setBusy(true);
    const answer = await send("payment.payHouseAccount", { account: account.id, payment, amount: moneyOf(amount, currency), method });
    setBusy(false);
    if (!answer.ok) return;
    notifications.show({ color: "basil", title: `${account.name} paid ${text(moneyOf(coins, currency))}`, message: `Still owed: ${text(answer.result.balance)}`, withBorder: true });
    onClose();
  }

  return (
    <Modal opened onClose={onClose} size={440} title={<Text fz={22} fw={750}>{account.name} pays</Text>}>
      <Stack gap="sm">
        <SegmentedControl fullWidth aria-label="How" value={way} onChange={(value) => setWay(value === "cash" ? "cash" : "card")} data={[{ value: "cash", label: "Cash" }, { value: "card", label: "Card" }]} />
        <Group justify="space-between">
          <Text c="var(--ink-2)">Owed {text(account.balance)}</Text>
          <Button variant="default" px="sm" disabled={typed === ""} onClick={() => setTyped("")}>All of it</Button>
        </Group>
        <Text fz={40} fw={800} ta="center" lh={1.1} aria-label="Amount" c={tooMuch ? "chili.6" : "var(--ink)"}>{text(moneyOf(coins, currency))}</Text>
        {coins === amount ? null : <Text ta="center" c="var(--ink-2)">Rounded from {text(moneyOf(amount, currency))}</Text>}
        {tooMuch ? <Text role="alert" ta="center" c="chili.6">Only {text(account.balance)} is owed.</Text> : null}
        {way === "cash" && !drawer ? <Text role="alert" ta="center" c="chili.6">No drawer is open. Open one to take cash.</Text> : null}
        {way === "card" ? <TextInput label="Number on the card slip" value={slip} maxLength={30} onChange={(event) => setSlip(event.currentTarget.value)} /> : null}
        <NumPad label="Amount paid" value={typed} onChange={setTyped} maxLength={10} corner="00" onEnter={() => void pay()} />
        <Button size="xl" loading={busy} disabled={missing || tooMuch || amount === 0n} onClick={() => void pay()}>Take {text(moneyOf(coins, currency))}</Button>
      </Stack>
    </Modal>
  );
}
