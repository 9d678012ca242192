import { Button, Group, SegmentedControl, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { HouseAccountState } from "#shared/domain/payment/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { DrawerChoice } from "../drawer/drawer-choice.tsx";
import { useTills } from "../drawer/use-open-drawer.ts";
import { typedMinor } from "../pay/cash-amounts.ts";

type PayAccountDialogProps = { readonly account: HouseAccountState; readonly onClose: () => void };

/**
 * What the guest pays of what they owe, or gets back of what the account has too much: all of it unless an amount is typed. A slip comes out for them; what is paid
 * out needs somebody's yes (DOM-20).
 */
export function PayAccountDialog({ account, onClose }: PayAccountDialogProps) {
  const approved = useApproved();
  const text = useMoneyText();
  const merchant = useMerchant();
  const { open, own: drawer } = useTills();
  const [payment] = useState(() => newId("payment"));
  const [way, setWay] = useState<"cash" | "card">(open.length > 0 ? "cash" : "card");
  const [typed, setTyped] = useState("");
  const [slip, setSlip] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = account.balance;
  const [out] = useState(minorUnits(account.balance) < 0n);
  const owed = minorUnits(account.balance) * (out ? -1n : 1n);
  const words = out ? { title: `Pay out to ${account.name}`, owed: "Too much", over: "is too much on the account", noDrawer: "pay out cash", slip: "Number on the refund's slip", done: "was paid out", left: "Still the guest's", button: "Pay out" } : { title: `${account.name} pays`, owed: "Owed", over: "is owed", noDrawer: "take cash", slip: "Number on the card slip", done: "paid", left: "Still owed", button: "Take" };
  const amount = typed === "" ? owed : typedMinor(typed, currency, merchant?.displayDigits ?? 2);
  const coins = way === "cash" && amount === owed ? roundToStep(amount, BigInt(merchant?.policies?.cashStep ?? 1)) : amount;
  const tooMuch = amount > owed;
  const missing = way === "cash" ? drawer === undefined : slip.trim() === "";

  async function pay() {
    if (busy || missing || tooMuch || amount === 0n) return;
    const method = way === "cash" && drawer ? ({ method: "cash", drawer: drawer.id } as const) : ({ method: "card-manual", slip: slip.trim() } as const);
    setBusy(true);
    const answer = await approved(out ? "payment.payOutHouseAccount" : "payment.payHouseAccount", { account: account.id, payment, amount: moneyOf(amount, currency), method });
    setBusy(false);
    if (answer.ok) notifications.show({ color: "basil", title: `${account.name} ${words.done} ${text(moneyOf(coins, currency))}`, message: `${words.left}: ${text(moneyOf(owed - amount, currency))}`, withBorder: true });
    if (isUnderWay(answer)) onClose();
  }

  return (
    <Dialog opened onClose={onClose} size={440} title={<Text fz={22} fw={750}>{words.title}</Text>}>
      <Stack gap="sm">
        <SegmentedControl fullWidth aria-label="How" value={way} onChange={(value) => setWay(value === "cash" ? "cash" : "card")} data={[{ value: "cash", label: "Cash" }, { value: "card", label: "Card" }]} />
        <Group justify="space-between" wrap="nowrap">
          <Button variant="default" px="sm" style={{ flex: "none" }} disabled={typed === ""} onClick={() => setTyped("")}>All of it</Button>
          <div style={{ textAlign: "right" }}>
            <Text fz={34} fw={800} lh={1.1} c={tooMuch ? "chili.6" : "var(--ink)"}><VisuallyHidden>Amount </VisuallyHidden>{text(moneyOf(coins, currency))}</Text>
            <Text c="var(--ink-2)" fz={15}>{words.owed} {text(moneyOf(owed, currency))}{coins === amount ? "" : `. Rounded from ${text(moneyOf(amount, currency))}`}</Text>
          </div>
        </Group>
        {tooMuch ? <Text role="alert" ta="center" c="chili.6">Only {text(moneyOf(owed, currency))} {words.over}.</Text> : null}
        {way === "cash" ? <DrawerChoice /> : null}
        {way === "cash" && open.length === 0 ? <Text role="alert" ta="center" c="chili.6">No drawer is open. Open one to {words.noDrawer}.</Text> : null}
        {way === "card" ? <TextInput label={words.slip} value={slip} maxLength={30} onChange={(event) => setSlip(event.currentTarget.value)} /> : null}
        <NumPad label={out ? "Amount paid out" : "Amount paid"} value={typed} onChange={setTyped} maxLength={10} corner="00" onEnter={() => void pay()} />
        <Button size="xl" loading={busy} disabled={missing || tooMuch || amount === 0n} onClick={() => void pay()}>{words.button} {text(moneyOf(coins, currency))}</Button>
      </Stack>
    </Dialog>
  );
}
