import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { pointsOfPayment, pointsOfRefund, type OpenPoint } from "#shared/domain/payment/to-resolve.ts";
import type { CommandInput, CommandType } from "#shared/domain/registry.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import { useAggregate, useAggregates } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { pointInWords } from "../../kit/words/open-points.ts";
import { useApproved } from "../approval/use-approved.ts";
import { DrawerChoice } from "../drawer/drawer-choice.tsx";
import { useOpenDrawer } from "../drawer/use-open-drawer.ts";

/** Money that somebody has to look at, of these checks or of all. `unknown` has a card of its own where it is paid. */
export function useOpenPoints(checks?: ReadonlySet<string>): readonly OpenPoint[] {
  const payments = useAggregates("payment");
  const refunds = useAggregates("refund");
  const all = [...payments.flatMap(pointsOfPayment), ...refunds.flatMap(pointsOfRefund)];
  return checks === undefined ? all : all.filter(({ check, kind }) => checks.has(check) && kind !== "unknown");
}

export function OpenPoints({ points, named = false }: { readonly points: readonly OpenPoint[]; readonly named?: boolean }) {
  if (points.length === 0) return null;
  return (
    <Stack gap="sm" role="group" aria-label="To resolve">
      {points.map((point) => <Point key={`${point.kind} ${point.payment} ${point.refund ?? ""} ${point.request ?? ""}`} point={point} named={named} />)}
    </Stack>
  );
}

type Action = { readonly text: string; readonly go: () => Promise<unknown>; readonly disabled?: boolean };

function Point({ point, named }: { readonly point: OpenPoint; readonly named: boolean }) {
  const text = useMoneyText();
  const check = useAggregate("check", point.check);
  const [busy, setBusy] = useState(false);
  const { title, note } = pointInWords(point, text);
  const actions = useActions(point);

  async function run(go: Action["go"]) {
    if (busy) return;
    setBusy(true);
    await go();
    setBusy(false);
  }

  return (
    <Paper withBorder p="sm" radius="lg" role="alert" aria-label={title}>
      {named ? <Text c="var(--ink-2)" fz="sm">{check ? `${tableTitle(check.label)}${check.number === null ? "" : `, receipt ${check.number}`}` : "A bill that is closed"}</Text> : null}
      <Text fz={18} fw={750} lh={1.25}>{title}</Text>
      <Text c="var(--ink-2)">{note}</Text>
      {actions.some(({ disabled }) => disabled) ? <DrawerChoice /> : null}
      {actions.length === 0 ? null : (
        <Group mt="xs" gap="xs">
          {actions.map((action) => <Button key={action.text} size="md" variant="default" loading={busy} disabled={action.disabled ?? false} onClick={() => void run(action.go)}>{action.text}</Button>)}
        </Group>
      )}
    </Paper>
  );
}

/** What people can do about it; who may not do it alone is asked for a yes. */
function useActions({ kind, payment, refund, check: of, byWord }: OpenPoint): readonly Action[] {
  const approved = useApproved();
  const check = useAggregate("check", of);
  const document = useAggregate("refund", refund)?.document;
  const open = useOpenDrawer();
  const drawer = open ? { drawer: open.id } : {};
  const needsDrawer = { disabled: open === undefined };
  const action = <Type extends CommandType>(words: string, type: Type, input: CommandInput<Type>, more: Pick<Action, "disabled"> = {}): Action => ({ text: words, go: () => approved(type, input), ...more });
  const decided = (outcome: "captured" | "not-captured", reason: string) => ({ payment, outcome, reason });
  const ask = action("Ask the terminal", "payment.askProvider", { payment });
  switch (kind) {
    case "unknown":
      return [
        ask,
        action("It was paid", "payment.resolveUnknown", decided("captured", "Seen on the terminal: paid")),
        action("It was not paid", "payment.resolveUnknown", decided("not-captured", "Seen on the terminal: not paid")),
      ];
    case "contradicted":
      return [
        ask,
        action("It was charged", "payment.resolveContradiction", decided("captured", "Seen on the terminal: paid")),
        action("It was not charged", "payment.resolveContradiction", decided("not-captured", "Seen on the terminal: not paid")),
      ];
    case "overpaid": {
      const due = check !== undefined && check.status !== "closed" && check.status !== "voided" && BigInt(checkTotals(check).due) > 0n;
      const back = (by: "same" | "cash") => ({ refund: newId("refund"), payment, by, reason: "Paid too much", ...(by === "cash" ? drawer : {}) });
      return [
        ...(due ? [action("Let it pay this bill", "payment.applyOverpayment", { payment })] : []),
        action("Give back the way it came", "payment.refundOverpayment", back("same")),
        action("Give back in cash", "payment.refundOverpayment", back("cash"), needsDrawer),
      ];
    }
    case "missing":
      return [action("Seen", "payment.resolveContradiction", decided("captured", "Seen"))];
    case "payout-failed":
      return refund === null
        ? []
        : [
            action("Try again", "payment.retryRefund", { refund, payment, by: "same" }),
            action("Give it in cash", "payment.retryRefund", { refund, payment, by: "cash", ...drawer }, needsDrawer),
            ...(document?.kind === "payment" ? [] : [action("Take the refund back", "payment.cancelRefund", { refund })]),
          ];
    case "paid-twice":
      return refund === null
        ? []
        : [
            action("It came back in cash", "payment.resolvePaidTwice", { refund, payment, outcome: "returned", ...drawer }, needsDrawer),
            action("Give it up", "payment.resolvePaidTwice", { refund, payment, outcome: "written-off" }),
            ...(byWord === true ? [action("It was paid once", "payment.resolvePayout", { refund, payment, outcome: "not-paid", reason: "Seen at the provider: paid once" })] : []),
          ];
    case "payout-unknown":
    case "payout-contradicted":
      return refund === null
        ? []
        : [
            action("It was paid", "payment.resolvePayout", { refund, payment, outcome: "paid", reason: "Seen at the provider: paid" }),
            action("It was not paid", "payment.resolvePayout", { refund, payment, outcome: "not-paid", reason: "Seen at the provider: not paid" }),
          ];
  }
}
