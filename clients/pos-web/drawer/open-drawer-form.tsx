import { Button, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconCashRegister } from "@tabler/icons-react";
import { memo, useState } from "react";
import { moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { useSayings } from "../check/said.tsx";
import { typedMinor } from "../pay/cash-amounts.ts";
import { useTills } from "./use-open-drawer.ts";

type OpenDrawerFormProps = { readonly compact?: boolean; readonly onOpened?: () => void };

/** DOM-16: cash needs a drawer session, with a float that somebody counted. It is this tablet's from then on. */
export const OpenDrawerForm = memo(function OpenDrawerForm({ compact = false, onOpened }: OpenDrawerFormProps) {
  const send = useSend();
  const text = useMoneyText();
  const say = useSayings((sayings) => sayings.say);
  const merchant = useMerchant();
  const mayOperate = useMay("drawer.operate");
  const { nameToOpen, choose } = useTills();
  const [named, setNamed] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const currency = merchant?.currency ?? "EUR";
  const float = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);
  const name = named ?? nameToOpen;

  async function open() {
    if (busy || !mayOperate || name.trim() === "") return;
    setBusy(true);
    const answer = await send("drawer.open", { drawer: newId("drawer"), name: name.trim(), float });
    setBusy(false);
    if (!answer.ok) return;
    choose(name.trim());
    say(`${name.trim()} is open, float ${text(float)}`);
    onOpened?.();
  }

  return (
    <Stack gap="sm">
      {compact ? <Text fw={650} c="var(--ink-2)"><IconCashRegister size={20} style={{ verticalAlign: "-4px" }} aria-hidden /> {name} is not open. Count its float to take cash.</Text> : null}
      {compact ? null : <TextInput label="Drawer" value={name} maxLength={30} onChange={(event) => setNamed(event.currentTarget.value)} />}
      <Text fz={34} fw={800} ta="center"><VisuallyHidden>Float </VisuallyHidden>{text(float)}</Text>
      <NumPad label="Float" value={typed} onChange={setTyped} maxLength={9} corner="00" onEnter={() => void open()} />
      <Button size="xl" loading={busy} disabled={!mayOperate || name.trim() === ""} onClick={() => void open()}>Open drawer</Button>
      {mayOperate ? null : <Text c="chili.6">You may not open a drawer.</Text>}
    </Stack>
  );
});
