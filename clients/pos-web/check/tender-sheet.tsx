import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { useAggregate } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { DrawerChoice } from "../drawer/drawer-choice.tsx";
import { useProviderName } from "../pay/use-provider-name.ts";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { CorrectStep } from "./correct-step.tsx";
import { useTenderName } from "./tender-row.tsx";
import { TipStep, type TipInCoins } from "./tip-step.tsx";
import { useOwnDrawer } from "./use-own-drawer.ts";

const REASONS = ["Wrong way to pay", "Wrong amount", "Guest pays otherwise", "Taken twice"] as const;
type Step = "choose" | "tip" | "void" | "correct" | "refund";

type TenderSheetProps = { readonly tender: Tender; readonly check: CheckState; readonly onTipCoins: (meant: TipInCoins) => void; readonly onClose: () => void };

/** DOM-14: a tip after the fact, another way to pay, a payment taken back, or what was taken too much given back. */
export function TenderSheet({ tender, check, onTipCoins, onClose }: TenderSheetProps) {
  const text = useMoneyText();
  const name = useTenderName(tender);
  const payment = useAggregate("payment", tender.payment);
  const [step, setStep] = useState<Step>("choose");
  const byHand = tender.method !== "card-terminal" && tender.method !== "qr";
  const provider = useProviderName()(tender.provider, tender.method);
  const overpaid = payment?.overpaid ?? null;
  return (
    <Dialog opened onClose={onClose} size={560} title={<Text fz={22} fw={750}>{name} {text(tender.amount)}</Text>}>
      {step === "choose" ? (
        <Stack>
          {overpaid ? <Button size="xl" color="ember.6" onClick={() => setStep("refund")}>Give back {text(overpaid)} paid too much</Button> : null}
          <Button size="xl" variant="default" onClick={() => setStep("tip")}>{tender.tip.amount === "0" ? "Add a tip" : `Change the tip, now ${text(tender.tip)}`}</Button>
          {byHand ? <Button size="xl" variant="default" onClick={() => setStep("correct")}>It was paid another way</Button> : check.status === "closed" ? null : <Text c="var(--ink-2)">Paid another way? Take this payment back first: {provider} has to give the guest the money before the amount is due again.</Text>}
          <Button size="xl" variant="light" color="chili" disabled={check.status === "closed"} onClick={() => setStep("void")}>Take this payment back</Button>
          {check.status === "closed" ? <Text c="var(--ink-3)" fz="sm">The bill is closed: refund it instead.</Text> : null}
        </Stack>
      ) : null}
      {step === "tip" ? <TipStep tender={tender} cashStep={BigInt(check.policies.cashStep)} onCoins={onTipCoins} onDone={onClose} /> : null}
      {step === "void" ? payment?.status === "settled" ? <SettledStep tender={tender} onDone={onClose} /> : <VoidStep tender={tender} onDone={onClose} /> : null}
      {step === "correct" ? <CorrectStep tender={tender} closed={check.status === "closed"} onDone={onClose} /> : null}
      {step === "refund" ? <OverpaidStep tender={tender} onDone={onClose} /> : null}
    </Dialog>
  );
}

export type StepProps = { readonly tender: Tender; readonly onDone: () => void };

function VoidStep({ tender, onDone }: StepProps) {
  const approved = useApproved();
  const text = useMoneyText();
  const drawer = useOwnDrawer();
  async function go(reason: string) {
    const answer = await approved("payment.void", { payment: tender.payment, reason, ...(tender.method === "cash" ? drawer : {}) }, { said: () => `Payment of ${text(tender.amount)} taken back` });
    if (isUnderWay(answer)) onDone();
  }
  return <ReasonChips question="Why is it taken back?" reasons={REASONS} onPick={(reason) => void go(reason)} />;
}

/** The provider has paid it out to us already: it goes back as a refund, and is due again. */
function SettledStep({ tender, onDone }: StepProps) {
  const approved = useApproved();
  const text = useMoneyText();
  const drawer = useOwnDrawer();
  const [by, setBy] = useState<"same" | "cash">("same");
  async function go(reason: string) {
    const answer = await approved("payment.refundPayment", { refund: newId("refund"), payment: tender.payment, by, reason, ...(by === "cash" ? drawer : {}) }, { said: () => `${text(tender.amount)} given back` });
    if (isUnderWay(answer)) onDone();
  }
  return (
    <Stack>
      <SegmentedControl fullWidth aria-label="How it goes back" value={by} onChange={(value) => setBy(value === "cash" ? "cash" : "same")} data={[{ value: "same", label: "The way it came" }, { value: "cash", label: "In cash", disabled: drawer.drawer === undefined }]} />
      <DrawerChoice />
      <ReasonChips question="Why is it given back?" reasons={REASONS} onPick={(reason) => void go(reason)} />
    </Stack>
  );
}

function OverpaidStep({ tender, onDone }: StepProps) {
  const approved = useApproved();
  const text = useMoneyText();
  const drawer = useOwnDrawer();
  async function go(by: "same" | "cash") {
    const answer = await approved("payment.refundOverpayment", { refund: newId("refund"), payment: tender.payment, by, reason: "Paid too much", ...(by === "cash" ? drawer : {}) }, { said: ({ amount }) => `${text(amount)} given back` });
    if (isUnderWay(answer)) onDone();
  }
  return (
    <Stack>
      <DrawerChoice />
      <Group grow>
        <Button size="xl" onClick={() => void go("same")}>The way it came</Button>
        <Button size="xl" variant="default" disabled={drawer.drawer === undefined} onClick={() => void go("cash")}>In cash</Button>
      </Group>
    </Stack>
  );
}
