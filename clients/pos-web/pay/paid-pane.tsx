import { Button, Stack, Text } from "@mantine/core";
import { IconArmchair, IconArrowLeft, IconCircleCheck, IconLock, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import type { OrderWork } from "../order/use-order-work.ts";
import classes from "./check-screen.module.css";
import { UnsentNotice } from "./unsent-notice.tsx";

type PaidPaneProps = { readonly work: OrderWork; readonly check: CheckState; readonly unsent: number; readonly onDone: () => void };

export function PaidPane({ work, check, unsent, onDone }: PaidPaneProps) {
  const send = useSend();
  const text = useMoneyText();
  const maySettle = useMay("check.settle");
  const [busy, setBusy] = useState(false);
  const { party } = work;
  const change = check.tenders.at(-1)?.change;
  const closed = check.status === "closed";

  async function during(go: () => Promise<unknown>) {
    setBusy(true);
    await go();
    setBusy(false);
  }

  return (
    <aside className={classes["pay"]} aria-label="Payment">
      {unsent > 0 ? <UnsentNotice work={work} count={unsent} /> : null}
      <Stack align="center" gap={4} py="lg">
        <IconCircleCheck size={64} color="var(--mantine-color-basil-6)" aria-hidden />
        <Text fz={26} fw={800}>{check.status === "voided" ? "Nothing was owed" : closed ? "Closed" : "Paid"}</Text>
        {change && change.amount !== "0" ? (
          <>
            <Text fz={18} c="var(--ink-2)" mt="md">Change</Text>
            <Text fz={64} fw={850} lh={1} aria-label="Change">{text(change)}</Text>
          </>
        ) : null}
      </Stack>
      <Stack gap="sm" mt="auto">
        {check.status === "paid" ? (
          <Button size="xl" color="basil.6" leftSection={<IconLock size={24} />} loading={busy} disabled={!maySettle || unsent > 0} onClick={() => void during(() => send("check.close", { check: check.id }))}>Close check</Button>
        ) : null}
        {closed ? (
          <Button size="xl" variant="default" leftSection={<IconPrinter size={24} />} onClick={() => void send("check.printReceipt", { check: check.id })}>{check.copies > 0 ? "Print a copy" : "Print receipt"}</Button>
        ) : null}
        {closed && party && !party.cleared ? (
          <Button size="xl" leftSection={<IconArmchair size={24} />} loading={busy} onClick={() => void during(async () => {
            const answer = await send("party.clear", { party: party.id });
            if (answer.ok) onDone();
          })}>Clear table</Button>
        ) : null}
        <Button variant="subtle" leftSection={<IconArrowLeft size={22} />} onClick={onDone}>{party ? "Back to the floor" : "Back to takeaway"}</Button>
      </Stack>
    </aside>
  );
}
