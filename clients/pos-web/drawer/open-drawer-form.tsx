import { Button, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconCashRegister } from "@tabler/icons-react";
import { memo, useState } from "react";
import { moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { typedMinor } from "../pay/cash-amounts.ts";

/** DOM-16: cash needs a drawer session, with a float that somebody counted. */
export const OpenDrawerForm = memo(function OpenDrawerForm({ compact = false }: { readonly compact?: boolean }) {
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const mayOperate = useMay("drawer.operate");
  const [name, setName] = useState("Till 1");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const currency = merchant?.currency ?? "EUR";
  const float = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);

  async function open() {
    setBusy(true);
    await send("drawer.open", { drawer: newId("drawer"), name: name.trim(), float });
    setBusy(false);
  }

  return (
    <Stack gap="sm">
      {compact ? <Text fw={650} c="var(--ink-2)"><IconCashRegister size={20} style={{ verticalAlign: "-4px" }} aria-hidden /> No drawer is open. Count the float to take cash.</Text> : null}
      {compact ? null : <TextInput label="Drawer" value={name} maxLength={30} onChange={(event) => setName(event.currentTarget.value)} />}
      <Text fz={34} fw={800} ta="center"><VisuallyHidden>Float </VisuallyHidden>{text(float)}</Text>
      <NumPad label="Float" value={typed} onChange={setTyped} maxLength={9} corner="00" onEnter={() => void open()} />
      <Button size="xl" loading={busy} disabled={!mayOperate || name.trim() === ""} onClick={() => void open()}>Open drawer</Button>
      {mayOperate ? null : <Text c="chili.6">You may not open a drawer.</Text>}
    </Stack>
  );
});
