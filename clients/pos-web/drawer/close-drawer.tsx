import { Button, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useMerchant } from "../../kit/hooks.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { FOCUS_HOME } from "../../kit/ui/use-kept-focus.ts";
import { useSayings } from "../check/said.tsx";
import { typedMinor } from "../pay/cash-amounts.ts";
import { dearestOf, isBeyondSense } from "./count-sense.ts";
import classes from "./drawer-screen.module.css";
import type { Count } from "./last-count.tsx";

type Step = "count" | "again" | "sure";

/** The count is blind: what is expected is told after it, not before. It is asked about once, since it cannot be taken back; one that no drawer holds is counted twice. */
export function CloseDrawer({ drawer, onClosed }: { readonly drawer: DrawerState; readonly onClosed: (count: Count) => void }) {
  const send = useSend();
  const text = useMoneyText();
  const say = useSayings((sayings) => sayings.say);
  const merchant = useMerchant();
  const products = useAggregates("product");
  const [step, setStep] = useState<Step>("count");
  const [typed, setTyped] = useState("");
  const [before, setBefore] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = drawer.float;
  const counted = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);

  function goOn() {
    if (typed === "") return;
    const again = typed !== before && isBeyondSense(minorUnits(counted), { float: minorUnits(drawer.float), dearest: dearestOf(products) });
    setBefore(typed);
    if (again) setTyped("");
    setStep(again ? "again" : "sure");
  }
  function recount() {
    setTyped("");
    setBefore("");
    setStep("count");
  }
  async function close() {
    if (busy) return;
    setBusy(true);
    const answer = await send("drawer.close", { drawer: drawer.id, counted, note: note.trim() || null });
    setBusy(false);
    if (!answer.ok) return;
    say(`${drawer.name} is closed, Z ${answer.result.number}`);
    onClosed({ name: drawer.name, counted, ...answer.result });
  }

  if (step === "sure") {
    return (
      <Stack gap="sm">
        <h2 className={classes["title"]} {...FOCUS_HOME}>Close {drawer.name} with this count?</h2>
        <Counted>{text(counted)}</Counted>
        <Text c="var(--ink-2)">It is closed for good, and its Z is printed.</Text>
        <TextInput label="Note" placeholder="What the count does not say" maxLength={200} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {/* Of its own: an Enter that asks must not stand on what answers. */}
        <Button key="yes" size="xl" loading={busy} onClick={() => void close()}>Yes, close {drawer.name}</Button>
        <Button variant="default" size="lg" disabled={busy} onClick={recount}>Count again</Button>
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <h2 className={classes["title"]} {...FOCUS_HOME}>{step === "again" ? "Count it once more" : "Count what is in it"}</h2>
      <Text c={step === "again" ? "chili.6" : "var(--ink-2)"} role={step === "again" ? "alert" : undefined}>
        {step === "again" ? "That is more than a drawer holds. Type what you have counted a second time." : "Count first: what should be there is said afterwards."}
      </Text>
      <Counted>{text(counted)}</Counted>
      <NumPad label="Count" value={typed} onChange={setTyped} maxLength={10} corner="00" onEnter={goOn} />
      <Button key={step} size="xl" disabled={typed === ""} onClick={goOn}>Close drawer</Button>
    </Stack>
  );
}

function Counted({ children }: { readonly children: ReactNode }) {
  return <Text fz={40} fw={800} ta="center" lh={1.1}><VisuallyHidden>Counted </VisuallyHidden>{children}</Text>;
}
