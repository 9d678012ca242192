import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { IngredientState } from "#shared/domain/menu/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { MoneyInput, useTypedMoney } from "../parts/money-input.tsx";
import { textOfMoney } from "../parts/money-text.ts";

const PER = /^(?!0+(\.0+)?$)(0|[1-9]\d{0,3})(\.\d{1,3})?$/;

/** From now on: what was used before keeps the cost that it had. */
export function CostDialog({ ingredient, onClose }: { readonly ingredient: IngredientState; readonly onClose: () => void }) {
  const send = useSend();
  const merchant = useMerchant();
  const typedMoney = useTypedMoney();
  const { id, name, unit, cost } = ingredient;
  const [amount, setAmount] = useState(cost ? textOfMoney(cost.amount, merchant?.displayDigits ?? 2) : "");
  const [per, setPer] = useState(cost?.per ?? (unit === "piece" ? "1" : "1000"));
  const [busy, setBusy] = useState(false);
  const money = typedMoney(amount);
  const rightPer = PER.test(per.trim());

  async function save(to: { amount: { amount: string; currency: string }; per: string } | null) {
    if (busy) return;
    setBusy(true);
    const { ok } = await send("stock.setCost", { ingredient: id, cost: to });
    setBusy(false);
    if (ok) onClose();
  }

  return (
    <Dialog opened onClose={onClose} size={440} title={<Text fz={22} fw={750}>What {name} costs</Text>}>
      <form onSubmit={(event) => { event.preventDefault(); if (money && rightPer) void save({ amount: money, per: per.trim() }); }}>
        <Stack>
          <Group grow align="start">
            <MoneyInput label="Cost" value={amount} onChange={setAmount} autoFocus />
            <TextInput label={`For so many ${unit === "piece" ? "pieces" : unit}`} value={per} inputMode="decimal" maxLength={8} error={rightPer ? null : "More than 0, at most 9999"} onChange={(event) => setPer(event.currentTarget.value)} />
          </Group>
          <Text c="var(--ink-2)">What is used from now on costs this. What was sold keeps its cost.</Text>
          <Button type="submit" size="xl" loading={busy} disabled={money === undefined || !rightPer}>Costs this from now on</Button>
          {cost ? <Button variant="subtle" color="chili" disabled={busy} onClick={() => void save(null)}>Nobody knows what it costs</Button> : null}
        </Stack>
      </form>
    </Dialog>
  );
}
