import { Button } from "@mantine/core";
import { useSend } from "../../kit/commands/use-send.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { PayFields } from "./pay-fields.tsx";
import type { PayForm } from "./pay-pane.tsx";

/** A terminal that is not connected: the number on its slip says which payment it was. */
export function CardByHand({ form }: { readonly form: PayForm }) {
  const send = useSend();
  const { typed, field, may, busy, tooMuch, covers, tip, money } = form;
  const ready = may && !tooMuch && typed.own !== "" && covers > 0n;
  const take = () => form.pay(() => send("payment.takeCard", { ...form.common(), slip: typed.own }));
  return (
    <>
      <PayFields form={form} own={{ label: "Slip number", value: typed.own || "–" }} />
      <NumPad label="Amount" value={typed[field]} onChange={form.type} maxLength={field === "own" ? 20 : form.mostDigits} corner={field === "own" ? "clear" : "00"} onEnter={() => void (ready ? take() : undefined)} />
      <Button size="xl" color="basil.6" disabled={!ready} loading={busy} onClick={() => void take()}>Take card {money(covers + tip)}</Button>
    </>
  );
}
