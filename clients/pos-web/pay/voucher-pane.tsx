import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { PayFields } from "./pay-fields.tsx";
import classes from "./pay.module.css";
import type { PayForm } from "./pay-pane.tsx";

/** Taken once by its issuer and code; what the bill does not need is not given back. */
export function VoucherPane({ form }: { readonly form: PayForm }) {
  const send = useSend();
  const [issuer, setIssuer] = useState("");
  const [code, setCode] = useState("");
  const { typed, field, may, busy, tooMuch, payable, money } = form;
  const value = form.minor(typed.own);
  const ready = may && !tooMuch && value > 0n && issuer.trim() !== "" && code.trim() !== "";
  return (
    <>
      <div className={classes["texts"]}>
        <TextInput label="Issuer" maxLength={40} value={issuer} onChange={(event) => setIssuer(event.currentTarget.value)} autoComplete="off" />
        <TextInput label="Code" maxLength={40} value={code} onChange={(event) => setCode(event.currentTarget.value)} autoComplete="off" />
      </div>
      <PayFields form={form} own={{ label: "Worth", value: value === 0n ? "–" : money(value) }} />
      <NumPad label="Amount" value={typed[field]} onChange={form.type} maxLength={form.mostDigits} corner="00" />
      <Button size="xl" color="basil.6" loading={busy} disabled={!ready} onClick={() => void form.pay(() => send("payment.takeVoucher", { ...form.common(), issuer: issuer.trim(), code: code.trim(), value: moneyOf(value, payable.check.currency) }))}>
        Take voucher{value > form.covers ? `, ${money(value - form.covers)} is lost` : ""}
      </Button>
    </>
  );
}
