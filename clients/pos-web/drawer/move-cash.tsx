import { Button, SegmentedControl, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useAggregates, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { MOVEMENT_WORDS } from "../../kit/words/cash.ts";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { typedMinor } from "../pay/cash-amounts.ts";
import { dearestOf, isBeyondSense } from "./count-sense.ts";
import classes from "./drawer-screen.module.css";

export type Movement = "pay-in" | "pay-out" | "drop";

const KINDS = {
  "pay-in": { title: "Pay in", reasons: ["Change from the bank", "Left over from shopping"], ways: [{ value: "safe", label: "From the safe" }, { value: "returned-expense", label: "Left over" }] },
  "pay-out": { title: "Pay out", reasons: ["Market", "Taxi", "Flowers", "Cleaning"], ways: [{ value: "expense", label: "Expense" }, { value: "supplier", label: "Supplier" }, { value: "returned-to-safe", label: "To the safe" }] },
  drop: { title: "Drop to the safe", reasons: ["Too much cash in the drawer", "Shift handed over"], ways: [] },
} as const;

type MoveCashProps = { readonly drawer: DrawerState; readonly kind: Movement; readonly onDone: () => void };

/** Cash in or out beside sales, with its reason. A pay-out needs somebody's yes (DOM-20). */
export function MoveCash({ drawer, kind, onDone }: MoveCashProps) {
  const approved = useApproved();
  const text = useMoneyText();
  const merchant = useMerchant();
  const products = useAggregates("product");
  const { title, reasons, ways } = KINDS[kind];
  const [way, setWay] = useState<string>(ways[0]?.value ?? "");
  const [typed, setTyped] = useState("");
  const [before, setBefore] = useState<string | null>(null);
  const [reason, setReason] = useState<string>(reasons[0]);
  const [bag, setBag] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = drawer.float;
  const amount = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);

  /** Nobody agrees to a drop, so one that no drawer holds is typed twice. */
  function isAskedAgain(): boolean {
    const again = kind === "drop" && typed !== before && isBeyondSense(minorUnits(amount), { float: minorUnits(drawer.float), dearest: dearestOf(products) });
    setBefore(again ? typed : null);
    if (again) setTyped("");
    return again;
  }

  async function go() {
    if (busy || amount.amount === "0" || reason.trim() === "" || isAskedAgain()) return;
    setBusy(true);
    const said = () => `${MOVEMENT_WORDS[kind]}: ${text(amount)}, ${reason.trim()}`;
    const common = { drawer: drawer.id, movement: newId("movement"), amount, reason: reason.trim() };
    const answer =
      kind === "pay-in"
        ? await approved("drawer.payIn", { ...common, from: way === "returned-expense" ? way : "safe" }, { said })
        : kind === "pay-out"
          ? await approved("drawer.payOut", { ...common, for: way === "supplier" || way === "returned-to-safe" ? way : "expense" }, { said })
          : await approved("drawer.drop", { ...common, bag: bag.trim() || null }, { said });
    setBusy(false);
    if (isUnderWay(answer)) onDone();
  }

  return (
    <Stack gap="sm">
      <h2 className={classes["title"]}>{title}</h2>
      {ways.length > 0 ? <SegmentedControl fullWidth aria-label="What for" value={way} onChange={setWay} data={[...ways]} /> : null}
      {kind === "drop" && before === null ? <Text c="var(--ink-2)">Typed wrongly, it is taken back by Pay in, from the safe.</Text> : null}
      {before === null ? null : <Text c="chili.6" role="alert">That is more than a drawer holds. Type the amount a second time.</Text>}
      <Text fz={40} fw={800} ta="center" lh={1.1}><VisuallyHidden>Amount </VisuallyHidden>{text(amount)}</Text>
      <div className={classes["reasons"]} role="group" aria-label="Reasons">
        {reasons.map((each) => (
          <button key={each} type="button" className={classes["chip"]} aria-pressed={each === reason} onClick={() => setReason(each)}>{each}</button>
        ))}
      </div>
      <TextInput aria-label="Reason" placeholder="Another reason" maxLength={80} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      {kind === "drop" ? <TextInput aria-label="Seal of the bag" placeholder="Seal of the bag" maxLength={30} value={bag} onChange={(event) => setBag(event.currentTarget.value)} /> : null}
      <NumPad label="Cash amount" value={typed} onChange={setTyped} maxLength={9} corner="00" onEnter={() => void go()} />
      <Button size="xl" loading={busy} disabled={amount.amount === "0" || reason.trim() === ""} onClick={() => void go()}>{title} {amount.amount === "0" ? "" : text(amount)}</Button>
    </Stack>
  );
}
