import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { IngredientState } from "#shared/domain/menu/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { worthOf } from "#shared/money/worth.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isCount, stockDifference } from "./quantities.ts";
import { amountOf } from "./stock-screen.tsx";

type CountStockDialogProps = { readonly ingredient: IngredientState; readonly onHand: string; readonly onClose: () => void; readonly onCounted: () => void };
const REASON = "Stock count";

/** What is there by the eye: the difference to what should be there is posted. */
export function CountStockDialog({ ingredient, onHand, onClose, onCounted }: CountStockDialogProps) {
  const send = useSend();
  const text = useMoneyText();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState(REASON);
  const [busy, setBusy] = useState(false);
  const { id, name, unit, cost } = ingredient;
  const counted = typed.trim().replace(",", ".");
  const right = isCount(counted);
  const difference = right ? stockDifference(counted, onHand) : null;

  async function count() {
    if (busy || !right || reason.trim() === "") return;
    setBusy(true);
    const { ok } = await send("stock.countIngredient", { ingredient: id, quantity: counted, reason: reason.trim() });
    setBusy(false);
    if (ok) onCounted();
  }

  return (
    <Dialog opened onClose={onClose} size={440} title={<Text fz={22} fw={750}>Count {name}</Text>}>
      <form onSubmit={(event) => { event.preventDefault(); void count(); }}>
        <Stack>
          <Text c="var(--ink-2)">Should be {amountOf(onHand, unit)}</Text>
          <TextInput label={`Counted, ${unit === "piece" ? "pieces" : unit}`} data-autofocus inputMode="decimal" value={typed} maxLength={11} error={typed.trim() !== "" && !right ? "A number of zero or more, with up to 3 decimals" : null} onChange={(event) => setTyped(event.currentTarget.value)} />
          <TextInput label="Why" value={reason} maxLength={80} onChange={(event) => setReason(event.currentTarget.value)} />
          {difference === null ? null : <Text role="status" c={difference.startsWith("-") ? "chili.7" : "var(--ink-2)"}>{difference === "0" ? "As it should be" : `${difference.startsWith("-") ? "Missing" : "More"}: ${amountOf(difference.replace("-", ""), unit)}${cost ? `, ${text(moneyOf(worthOf(difference.replace("-", ""), cost), cost.amount.currency))}` : ""}`}</Text>}
          <Button type="submit" size="xl" loading={busy} disabled={!right || reason.trim() === ""}>Write down the count</Button>
        </Stack>
      </form>
    </Dialog>
  );
}
