import { Button, Text } from "@mantine/core";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { PayFields } from "./pay-fields.tsx";
import classes from "./pay.module.css";
import type { PayForm } from "./pay-pane.tsx";

/** Written on the guest's or firm's account: one tap on its name. */
export function HouseAccountPane({ form }: { readonly form: PayForm }) {
  const send = useSend();
  const text = useMoneyText();
  const accounts = useAggregates("house-account").filter((account) => !account.closed).sort((a, b) => a.name.localeCompare(b.name));
  const wanted = form.covers + form.tip;
  return (
    <>
      <PayFields form={form} />
      <div className={classes["accounts"]} role="group" aria-label="Accounts">
        {accounts.map((account) => {
          const free = account.limit === null ? null : minorUnits(account.limit) - minorUnits(account.balance);
          return (
            <Button key={account.id} variant="default" h="auto" mih={64} py={4} justify="space-between" styles={{ label: { whiteSpace: "normal", textAlign: "left", lineHeight: 1.15, overflowWrap: "anywhere" }, section: { flex: "none" } }} loading={form.busy} disabled={account.blocked || !form.may || form.tooMuch || form.covers === 0n || (free !== null && free < wanted)} onClick={() => void form.pay(() => send("payment.takeHouseAccount", { ...form.common(), account: account.id }))} rightSection={<Text span fz="sm" c="var(--ink-3)">{account.blocked ? "blocked" : free === null ? "no limit" : `${text(moneyOf(free, account.balance.currency))} free`}</Text>}>
              {account.name}
            </Button>
          );
        })}
      </div>
      <NumPad label="Amount" value={form.field === "own" ? "" : form.typed[form.field]} onChange={form.type} maxLength={form.mostDigits} corner="00" disabled={form.field === "own"} />
    </>
  );
}
