import { Button, Stack, Text, Title } from "@mantine/core";
import { IconArmchair, IconArrowLeft, IconArrowRight, IconCircleCheck, IconLock, IconPrinter, IconReceiptRefund } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { isRefundable } from "#shared/domain/payment/left-to-refund.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { useBillDialogs } from "../check/bill-dialogs.ts";
import { canClose, settledInWords } from "../check/parts.ts";
import { useSayings } from "../check/said.tsx";
import { FOCUS_HOME } from "../../kit/ui/use-kept-focus.ts";
import type { OrderWork } from "../order/use-order-work.ts";
import { FileButton } from "../parts/file-button.tsx";
import { HeldNotice } from "./held-notice.tsx";
import classes from "./pay.module.css";
import type { Payable } from "./pay-pane.tsx";
import { RefundDone } from "./refund-ways.tsx";

type PaidPaneProps = {
  readonly work: OrderWork;
  /** What is looked at. */
  readonly check: CheckState;
  readonly name: string;
  /** All parts of the bill; those that are paid are closed in one tap. */
  readonly checks: readonly CheckState[];
  readonly next: Payable | undefined;
  readonly onNext: (next: Payable) => void;
  readonly notice: ReactNode;
  readonly blocked: boolean;
  readonly settling: boolean;
  readonly onDone: () => void;
};

/** After the money: the change, what comes next, and the end of the bill. */
export function PaidPane({ work, check, name, checks, next, onNext, notice, blocked, settling, onDone }: PaidPaneProps) {
  const send = useSend();
  const text = useMoneyText();
  const maySettle = useMay("check.settle");
  const open = useBillDialogs((dialogs) => dialogs.open);
  const [busy, setBusy] = useState(false);
  const { party } = work;
  const given = check.tenders.at(-1)?.change;
  const change = given && given.amount !== "0" ? text(given) : null;
  const refund = check.refunds?.at(-1);
  const closed = check.status === "closed";
  const paid = checks.filter(canClose);
  const allOver = checks.every((each) => each.status === "closed" || each.status === "voided");

  const standing = check.status === "voided" ? "Nothing was owed" : closed ? "Closed" : settledInWords(BigInt(checkTotals(check).paid));
  const said = [name, standing, change === null || closed ? "" : `Change ${change}`].filter(Boolean).join(", ");
  const say = useSayings((sayings) => sayings.say);
  useEffect(() => say(said), [say, said]);

  async function during(go: () => Promise<unknown>) {
    if (busy) return;
    setBusy(true);
    await go();
    setBusy(false);
  }
  const closeAll = () =>
    during(async () => {
      for (const each of paid) {
        const { ok } = await send("check.close", { check: each.id });
        if (!ok) return;
      }
    });

  return (
    <aside className={classes["pay"]} aria-label="Payment">
      {notice}
      <HeldNotice work={work} />
      <Stack align="center" gap={4} py="lg">
        <IconCircleCheck size={64} color="var(--mantine-color-basil-6)" aria-hidden />
        {name === "" ? null : <Text c="var(--ink-2)">{name}</Text>}
        <Title order={2} fz={26} fw={800} {...FOCUS_HOME}>{standing}</Title>
        {change === null ? null : (
          <>
            <Text fz={18} c="var(--ink-2)" mt="md">Change</Text>
            <Text fz={64} fw={850} lh={1}>{change}</Text>
          </>
        )}
        {refund ? <RefundDone refund={refund} /> : null}
      </Stack>
      <Stack gap="sm" mt="auto">
        {next ? (
          <Button size="xl" rightSection={<IconArrowRight size={24} />} disabled={settling} onClick={() => onNext(next)}>
            {next.name === "" ? "Next part" : next.name}: {text({ amount: next.due.toString(), currency: next.check.currency })}
          </Button>
        ) : null}
        {paid.length > 0 ? (
          <Button size="xl" color="basil.6" leftSection={<IconLock size={24} />} loading={busy} disabled={!maySettle || blocked || settling} onClick={() => void closeAll()}>{paid.length === 1 ? "Close check" : `Close ${paid.length} checks`}</Button>
        ) : null}
        {closed ? (
          <div className={classes["papers"]}>
            <Button size="xl" px="xs" variant="default" leftSection={<IconPrinter size={24} />} onClick={() => void send("check.printReceipt", { check: check.id })}>{check.copies > 0 ? "Print a copy" : "Print receipt"}</Button>
            <FileButton size="xl" label="PDF" name="Receipt as PDF" type="check.makeReceipt" input={{ check: check.id }} />
          </div>
        ) : null}
        {isRefundable(check) ? <Button variant="default" leftSection={<IconReceiptRefund size={22} />} disabled={!maySettle} onClick={() => open({ kind: "refund", check: check.id })}>Refund</Button> : null}
        {allOver && party && !party.cleared ? (
          <Button size="xl" leftSection={<IconArmchair size={24} />} loading={busy} disabled={settling} onClick={() => void during(async () => {
            const answer = await send("party.clear", { party: party.id });
            if (answer.ok) onDone();
          })}>Clear table</Button>
        ) : null}
        <Button variant="subtle" leftSection={<IconArrowLeft size={22} />} onClick={onDone}>{party ? "Back to the floor" : "Back to takeaway"}</Button>
      </Stack>
    </aside>
  );
}
