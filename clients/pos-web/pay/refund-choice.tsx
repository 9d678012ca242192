import { Button, Group, SegmentedControl, Stack, Switch, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { isAllRefunded, leftOfBill, type LeftOfBill } from "#shared/domain/payment/left-to-refund.ts";
import type { CommandInput, CommandResult } from "#shared/domain/registry.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useHub, useMerchant } from "../../kit/hooks.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { refusalInWords } from "../../kit/words/refusals.ts";
import { DrawerChoice } from "../drawer/drawer-choice.tsx";
import { useTills } from "../drawer/use-open-drawer.ts";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { typedMinor } from "./cash-amounts.ts";
import type { ChosenLines } from "./refund-choices.ts";
import { RefundLines } from "./refund-lines.tsx";

const REASONS = ["Not as it should be", "Charged by mistake", "Guest complained", "Wrong item"] as const;
const KINDS = { items: "Items", amount: "Amount", all: "All of it" } as const;
type Kind = keyof typeof KINDS;
type What = CommandInput<"payment.refund">["what"];
type Told = CommandResult<"payment.reckonRefund">;
export type RefundAsked = CommandInput<"payment.reckonRefund">;

type RefundChoiceProps = { readonly check: CheckState; readonly onTold: (asked: RefundAsked, reason: string, told: Told) => void; readonly onClose: () => void };

/** How much of what is left of the bill, by which way, and why. */
export function RefundChoice({ check, onTold, onClose }: RefundChoiceProps) {
  const text = useMoneyText();
  const refunded = (check.refunds ?? []).reduce((sum, { document }) => sum + BigInt(document.total), 0n);
  const left = leftOfBill(check);
  return (
    <Stack gap="sm">
      {refunded === 0n ? null : <Text c="var(--ink-2)">{text(moneyOf(refunded, check.currency))} was refunded before.</Text>}
      {isAllRefunded(left) ? <Text role="status">Nothing is left of it to be given back.</Text> : <Choice check={check} left={left} refunded={refunded} onTold={onTold} />}
      <Button variant="subtle" onClick={onClose}>Not now</Button>
    </Stack>
  );
}

function kindsOf({ sale, cards }: LeftOfBill): readonly Kind[] {
  return [...(sale > 0n || cards ? (["items"] as const) : []), ...(sale > 0n ? (["amount"] as const) : []), "all"];
}

type ChoiceProps = Pick<RefundChoiceProps, "check" | "onTold"> & { readonly left: LeftOfBill; readonly refunded: bigint };

function Choice({ check, left, refunded, onTold }: ChoiceProps) {
  const hub = useHub();
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const { open, own: drawer } = useTills();
  const [picked, setPicked] = useState<Kind>("items");
  const [chosen, setChosen] = useState<ChosenLines>(new Map());
  const [typed, setTyped] = useState("");
  const [withTips, setWithTips] = useState(false);
  const [by, setBy] = useState<"same" | "cash">("same");
  const [busy, setBusy] = useState(false);
  const { currency } = check;
  const kinds = kindsOf(left);
  const kind = kinds.includes(picked) ? picked : "all";
  const tipAlone = kinds.length === 1;
  const amount = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);
  const inCash = by === "cash" || check.tenders.some((tender) => tender.method === "cash");
  const noDrawer = inCash && !drawer;
  const nothing = kind === "items" ? chosen.size === 0 : kind === "amount" ? minorUnits(amount) === 0n : false;
  const tooMuch = kind === "amount" && minorUnits(amount) > left.sale;
  const tip = text(moneyOf(left.tips, currency));

  const what: What = kind === "all" ? { kind, tips: withTips || tipAlone } : kind === "amount" ? { kind, amount } : { kind, items: [...chosen].map(([share, pieces]) => ({ share, ...(pieces === null ? {} : { quantity: String(pieces) }) })) };
  const asked: RefundAsked = { check: check.id, what, by, ...(drawer && inCash ? { drawer: drawer.id } : {}) };
  // With their part of the service charge and of what was taken off: more or less than the lines' own prices.
  const sum = useQuery({
    queryKey: ["refund", asked, refunded.toString()],
    queryFn: () => hub.send("payment.reckonRefund", asked),
    enabled: !nothing && kind !== "amount" && !noDrawer,
    retry: false,
  });
  const told = kind === "amount" || nothing || noDrawer ? undefined : sum.data;
  const blocked = busy || nothing || tooMuch || noDrawer || told?.ok === false;

  async function reckon(reason: string) {
    if (blocked) return;
    setBusy(true);
    const answer = await send("payment.reckonRefund", asked);
    setBusy(false);
    if (answer.ok) onTold(asked, reason, answer.result);
  }

  return (
    <>
      {tipAlone ? <Text>The tip of {tip} is all that is left of it.</Text> : <SegmentedControl fullWidth aria-label="How much" value={kind} onChange={(value) => setPicked(kinds.find((each) => each === value) ?? "items")} data={kinds.map((value) => ({ value, label: KINDS[value] }))} />}
      {kind === "items" ? <RefundLines check={check} chosen={chosen} onChange={setChosen} /> : null}
      {kind === "amount" ? (
        <>
          <Group justify="center"><Text fz={36} fw={800}><VisuallyHidden>Refund </VisuallyHidden>{text(amount)}</Text></Group>
          <Text ta="center" {...(tooMuch ? { c: "chili.6", role: "alert" } : { c: "var(--ink-2)" })}>{tooMuch ? "At most" : "Up to"} {text(moneyOf(left.sale, currency))} can go back.</Text>
          <NumPad label="Refund amount" value={typed} onChange={setTyped} maxLength={10} corner="00" />
        </>
      ) : null}
      {kind === "all" && !tipAlone && left.tips > 0n ? <Switch size="lg" label={`With the tip of ${tip}`} checked={withTips} onChange={(event) => setWithTips(event.currentTarget.checked)} styles={{ body: { minHeight: 48, alignItems: "center" } }} /> : null}
      {check.tenders.every((tender) => tender.method === "cash") ? null : <SegmentedControl fullWidth aria-label="How it goes back" value={by} onChange={(value) => setBy(value === "cash" ? "cash" : "same")} data={[{ value: "same", label: "The way it came" }, { value: "cash", label: "In cash", disabled: open.length === 0 }]} />}
      {inCash ? <DrawerChoice /> : null}
      {noDrawer ? <Text c="chili.6" role="alert">What goes back in cash comes out of a drawer: {open.length > 0 ? "choose which one" : "open one first"}.</Text> : null}
      {told?.ok === false ? <Text c="chili.6" role="alert">{refusalInWords(told.refusal)}</Text> : null}
      {told?.ok === true ? <Group role="status" justify="space-between" align="baseline"><Text c="var(--ink-2)">Goes back</Text><Text fz={28} fw={800}>{text(told.result.amount)}</Text></Group> : null}
      <ReasonChips question="Why?" reasons={REASONS} disabled={blocked} onPick={(reason) => void reckon(reason)} />
    </>
  );
}
