import { Button, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { typedMinor } from "../pay/cash-amounts.ts";
import classes from "./drawer-screen.module.css";
import type { Count } from "./last-count.tsx";

/** The count is blind: what is expected is told after it, not before. */
export function CloseDrawer({ drawer, onClosed }: { readonly drawer: DrawerState; readonly onClosed: (count: Count) => void }) {
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = drawer.float;
  const counted = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);

  async function close() {
    if (busy) return;
    setBusy(true);
    const answer = await send("drawer.close", { drawer: drawer.id, counted });
    setBusy(false);
    if (answer.ok) onClosed({ name: drawer.name, counted, ...answer.result });
  }

  return (
    <Stack gap="sm">
      <h2 className={classes["title"]}>Count what is in it</h2>
      <Text c="var(--ink-2)">Count first: what should be there is said afterwards.</Text>
      <Text fz={40} fw={800} ta="center" lh={1.1}><VisuallyHidden>Counted </VisuallyHidden>{text(counted)}</Text>
      <NumPad label="Count" value={typed} onChange={setTyped} maxLength={10} corner="00" onEnter={() => (typed === "" ? undefined : void close())} />
      <Button size="xl" loading={busy} disabled={typed === ""} onClick={() => void close()}>Close drawer</Button>
    </Stack>
  );
}
