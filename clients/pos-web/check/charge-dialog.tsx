import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { moneyOf } from "#shared/money/money.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { reckoned } from "./part-totals.tsx";

const REASONS = ["Guest asked", "Waited too long", "Not as it should be", "Friends of the house"] as const;

/** DOM-12: a charge that may be removed, as much of it as the bill shows, with a reason of one's own. */
export function ChargeDialog({ check, onClose }: { readonly check: CheckState; readonly onClose: () => void }) {
  const approved = useApproved();
  const text = useMoneyText();
  const [busy, setBusy] = useState(false);
  const { charge } = reckoned(checkTotals(check));
  const title = `Service charge: ${text(moneyOf(charge, check.currency))} off the bill`;

  async function go(reason: string) {
    if (busy) return;
    setBusy(true);
    const answer = await approved("check.removeServiceCharge", { check: check.id, reason }, { said: () => title });
    setBusy(false);
    if (isUnderWay(answer)) onClose();
  }

  return (
    <Dialog opened onClose={onClose} size={620} title={<Text fz={22} fw={750}>{title}</Text>}>
      <Stack><ReasonChips question="Why? It is on the record." reasons={REASONS} disabled={busy} onPick={(reason) => void go(reason)} /></Stack>
    </Dialog>
  );
}
