import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { AdjustmentKind } from "#shared/events/sale-check.ts";
import { moneyOf } from "#shared/money/money.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { ADJUSTMENT_WORDS } from "../../kit/words/checks.ts";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { typedMinor } from "../pay/cash-amounts.ts";
import { ReasonChips } from "../parts/reason-chips.tsx";
import classes from "./adjust-dialog.module.css";

const REASONS: Readonly<Record<AdjustmentKind, readonly string[]>> = {
  discount: ["Regular guest", "Waited too long", "Voucher of a partner", "Friends of the house"],
  comp: ["Not as it should be", "Waited too long", "Birthday", "With our compliments"],
  "staff-meal": ["Staff meal", "Family meal"],
};
const RATES = ["5", "10", "15", "20", "25", "50"] as const;

type AdjustDialogProps = { readonly check: CheckState; readonly name: string; readonly lines: readonly string[]; readonly start: AdjustmentKind; readonly onClose: () => void };

/** DOM-8: taken off lines or off the whole check, by percent or by amount, with a reason. A percent off the check covers what comes later too. */
export function AdjustDialog({ check, name, lines, start, onClose }: AdjustDialogProps) {
  const approved = useApproved();
  const text = useMoneyText();
  const merchant = useMerchant();
  const [kind, setKind] = useState<AdjustmentKind>(start);
  const [by, setBy] = useState<"percent" | "amount">("percent");
  const [typed, setTyped] = useState("10");
  const [busy, setBusy] = useState(false);
  const amount = moneyOf(typedMinor(by === "amount" ? typed : "", check.currency, merchant?.displayDigits ?? 2), check.currency);
  const percent = Math.min(100, Number(typed));
  const all = kind !== "discount";
  const size = all ? "all of it" : by === "percent" ? `${percent} %` : text(amount);
  const isNothing = !all && (by === "percent" ? percent === 0 : amount.amount === "0");
  const title = `${ADJUSTMENT_WORDS[kind]}: ${size} off ${lines.length === 0 ? name : lines.length === 1 ? "1 line" : `${lines.length} lines`}`;

  async function go(reason: string) {
    if (busy || isNothing) return;
    setBusy(true);
    const much = all ? { rate: "1" } : by === "percent" ? { rate: percent === 100 ? "1" : `0.${String(percent).padStart(2, "0")}` } : { amount };
    const answer = await approved("check.adjust", { check: check.id, adjustment: newId("adjustment"), kind, lines: [...lines], ...much, reason }, { said: () => title });
    setBusy(false);
    if (isUnderWay(answer)) onClose();
  }

  return (
    <Dialog opened onClose={onClose} size={620} title={<Text fz={22} fw={750}>{title}</Text>}>
      <Stack gap="sm">
        <SegmentedControl fullWidth aria-label="What" value={kind} onChange={(value) => setKind(value === "comp" || value === "staff-meal" ? value : "discount")} data={Object.entries(ADJUSTMENT_WORDS).map(([value, label]) => ({ value, label }))} />
        {all ? null : (
          <>
            <div className={classes["rates"]} role="group" aria-label="Percent">
              {RATES.map((rate) => (
                <button key={rate} type="button" className={classes["rate"]} aria-pressed={by === "percent" && typed === rate} onClick={() => { setBy("percent"); setTyped(rate); }}>{rate} %</button>
              ))}
              <button type="button" className={classes["rate"]} aria-pressed={by === "amount"} onClick={() => { setBy("amount"); setTyped(""); }}>Amount</button>
            </div>
            {by === "amount" ? <NumPad label="Discount" value={typed} onChange={setTyped} maxLength={9} corner="00" /> : null}
          </>
        )}
        <ReasonChips question="Why? It is on the record and on the bill." reasons={REASONS[kind]} disabled={busy || isNothing} onPick={(reason) => void go(reason)} />
      </Stack>
    </Dialog>
  );
}
