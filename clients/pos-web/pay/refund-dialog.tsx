import { Button, Group, SegmentedControl, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { CommandInput, CommandResult } from "#shared/domain/registry.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { useOpenDrawer } from "../drawer/use-open-drawer.ts";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { typedMinor } from "./cash-amounts.ts";
import { RefundLines, type ChosenLines } from "./refund-lines.tsx";
import { RefundWays } from "./refund-ways.tsx";

const REASONS = ["Not as it should be", "Charged by mistake", "Guest complained", "Wrong item"] as const;
type Kind = "all" | "items" | "amount";
type What = CommandInput<"payment.refund">["what"];
type Meant = { readonly input: CommandInput<"payment.refund"> & { readonly reason: string }; readonly told: CommandResult<"payment.reckonRefund"> };

/** A document of its own, at the bill's rates: all, lines, or an amount; the way the money came, or in cash. */
export function RefundDialog({ check, onClose }: { readonly check: CheckState; readonly onClose: () => void }) {
  const approved = useApproved();
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const drawer = useOpenDrawer();
  const [kind, setKind] = useState<Kind>("items");
  const [chosen, setChosen] = useState<ChosenLines>(new Map());
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [meant, setMeant] = useState<Meant | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const { currency } = check;
  const amount = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);
  const refunded = (check.refunds ?? []).reduce((sum, { document }) => sum + BigInt(document.total), 0n);
  const cashPaid = check.tenders.some((tender) => tender.method === "cash");
  const nothing = kind === "items" ? chosen.size === 0 : kind === "amount" ? minorUnits(amount) === 0n : false;

  /** What goes back by which way is told first; only what was told is then asked for. */
  const what: What = kind === "all" ? { kind, tips: false } : kind === "amount" ? { kind, amount } : { kind, items: [...chosen].map(([share, pieces]) => ({ share, ...(pieces === null ? {} : { quantity: String(pieces) }) })) };
  const asked = { check: check.id, what, ...(drawer && cashPaid ? { drawer: drawer.id } : {}) };
  // With their part of the service charge and of what was taken off: more or less than the lines' own prices.
  const sum = useQuery({ queryKey: ["refund", asked, refunded.toString()], queryFn: () => send("payment.reckonRefund", asked), enabled: !nothing && kind !== "amount" && !(cashPaid && !drawer), retry: false });

  async function reckon(reason: string) {
    if (busy || nothing) return;
    setBusy(true);
    const answer = await send("payment.reckonRefund", asked);
    setBusy(false);
    if (answer.ok) setMeant({ input: { ...asked, refund: newId("refund"), reason }, told: answer.result });
  }

  async function go({ input }: Meant) {
    if (busy) return;
    setBusy(true);
    const answer = await approved("payment.refund", input, { said: ({ number }) => `Refund ${number} is done` });
    setBusy(false);
    if (answer.ok) setDone(answer.result.number);
    else if (isUnderWay(answer)) onClose();
    else setMeant(null);
  }

  if (meant) {
    return (
      <Dialog opened onClose={onClose} size={560} title={<Text fz={22} fw={750}>{done === null ? `Refund of receipt ${check.number}` : `Refund ${done} is done`}</Text>}>
        <Stack>
          <Text fz={18} c="var(--ink-2)">{meant.input.reason}</Text>
          <RefundWays ways={meant.told.payouts} label="Goes back" />
          {done === null ? (
            <>
              <Button size="xl" color="chili.6" loading={busy} onClick={() => void go(meant)}>Refund {text(meant.told.amount)}</Button>
              <Button variant="subtle" disabled={busy} onClick={() => setMeant(null)}>Change it</Button>
            </>
          ) : (
            <Button size="xl" onClick={onClose}>Done</Button>
          )}
        </Stack>
      </Dialog>
    );
  }
  return (
    <Dialog opened onClose={onClose} size={640} title={<Text fz={22} fw={750}>Refund of receipt {check.number}</Text>}>
      <Stack gap="sm">
        {refunded === 0n ? null : <Text c="var(--ink-2)">{text(moneyOf(refunded, currency))} was refunded before.</Text>}
        <SegmentedControl fullWidth aria-label="How much" value={kind} onChange={(value) => setKind(value === "all" || value === "amount" ? value : "items")} data={[{ value: "items", label: "Items" }, { value: "amount", label: "Amount" }, { value: "all", label: "All of it" }]} />
        {kind === "items" ? (
          <RefundLines check={check} chosen={chosen} onChange={setChosen} />
        ) : null}
        {kind === "amount" ? (
          <>
            <Group justify="center"><Text fz={36} fw={800}><VisuallyHidden>Refund </VisuallyHidden>{text(amount)}</Text></Group>
            <NumPad label="Refund amount" value={typed} onChange={setTyped} maxLength={10} corner="00" />
          </>
        ) : null}
        {cashPaid && !drawer ? <Text c="chili.6" role="alert">It was paid in cash: open a drawer to give it back.</Text> : null}
        {kind !== "amount" && !nothing && sum.data?.ok ? <Group role="status" justify="space-between" align="baseline"><Text c="var(--ink-2)">Goes back</Text><Text fz={28} fw={800}>{text(sum.data.result.amount)}</Text></Group> : null}
        <ReasonChips question="Why?" reasons={REASONS} disabled={busy || nothing || (cashPaid && !drawer)} onPick={(reason) => void reckon(reason)} />
        <Button variant="subtle" onClick={onClose}>Not now</Button>
      </Stack>
    </Dialog>
  );
}
