import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { CommandInput, CommandResult } from "#shared/domain/registry.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { RefundChoice, type RefundAsked } from "./refund-choice.tsx";
import { refundInWords, RefundWays, useWays } from "./refund-ways.tsx";

type Meant = { readonly input: CommandInput<"payment.refund">; readonly told: CommandResult<"payment.reckonRefund"> };

/** A document of its own, at the bill's rates: all, lines, or an amount; the way the money came, or in cash. What goes back is told first, and only what was told is asked for. */
export function RefundDialog({ check, onClose }: { readonly check: CheckState; readonly onClose: () => void }) {
  const approved = useApproved();
  const text = useMoneyText();
  const [busy, setBusy] = useState(false);
  const [meant, setMeant] = useState<Meant | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const ways = useWays(meant?.input.refund ?? "", meant?.told.payouts ?? []);
  const title = done === null ? `Refund of receipt ${check.number}` : `Refund ${done} ${refundInWords(ways)}`;

  async function go({ input, told }: Meant) {
    if (busy) return;
    setBusy(true);
    const answer = await approved("payment.refund", input, { said: ({ number }) => `Refund ${number} ${refundInWords(told.payouts)}` });
    setBusy(false);
    if (answer.ok) setDone(answer.result.number);
    else if (isUnderWay(answer)) onClose();
    else setMeant(null);
  }

  return (
    <Dialog opened onClose={onClose} size={meant ? 560 : 640} title={<Text fz={22} fw={750}>{title}</Text>}>
      {meant === null ? (
        <RefundChoice check={check} onClose={onClose} onTold={(asked: RefundAsked, reason, told) => setMeant({ input: { ...asked, refund: newId("refund"), reason }, told })} />
      ) : (
        <Stack>
          <Text fz={18} c="var(--ink-2)">{meant.input.reason}</Text>
          <RefundWays ways={ways} label="Goes back" />
          {done === null ? (
            <>
              <Button size="xl" color="chili.6" loading={busy} onClick={() => void go(meant)}>Refund {text(meant.told.amount)}</Button>
              <Button variant="subtle" disabled={busy} onClick={() => setMeant(null)}>Change it</Button>
            </>
          ) : (
            <Button size="xl" onClick={onClose}>Done</Button>
          )}
        </Stack>
      )}
    </Dialog>
  );
}
