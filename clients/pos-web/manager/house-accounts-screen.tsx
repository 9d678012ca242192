import { Badge, Button, Group, Text } from "@mantine/core";
import { IconCash, IconLock, IconLockOpen, IconPencil, IconPlus, IconReceipt2, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { accountReference } from "#shared/domain/payment/house-account.ts";
import type { HouseAccountState } from "#shared/domain/payment/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useMay, useWorldLoaded } from "../../kit/hooks.ts";
import { EmptyState, Loading } from "../../kit/ui/states.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { FileButton } from "../parts/file-button.tsx";
import { AuditButton } from "./audit.tsx";
import { AccountStatement } from "./account-statement.tsx";
import { DayRangeInputs, useDayRange } from "./day-range.tsx";
import { HouseAccountForm } from "./house-account-form.tsx";
import classes from "./list-and-one.module.css";
import { PayAccountDialog } from "./pay-account-dialog.tsx";

/** Guests and firms who pay later: what they owe, up to how much, and what they pay off. */
export function HouseAccountsScreen() {
  const text = useMoneyText();
  const loaded = useWorldLoaded();
  const may = useMay("manage.settings");
  const accounts = useAggregates("house-account").filter(({ closed, balance }) => !closed || balance.amount !== "0").sort((a, b) => a.name.localeCompare(b.name));
  const [chosen, setChosen] = useState<string | null>(null);
  const [opening, setOpening] = useState(false);
  const shown = accounts.find((each) => each.id === chosen) ?? accounts[0];
  if (!loaded) return <Loading label="Loading the accounts" />;
  const open = <Button leftSection={<IconPlus size={22} />} disabled={!may} onClick={() => setOpening(true)}>New account</Button>;
  return (
    <div className={classes["screen"]}>
      <section className={classes["list"]} aria-label="House accounts">
        {open}
        <div className={classes["rows"]}>
          {accounts.map((each) => (
            <button key={each.id} type="button" className={classes["row"]} data-wrong={each.blocked} aria-pressed={each.id === shown?.id} onClick={() => setChosen(each.id)}>
              <b>{each.name}</b>
              <span>{text(each.balance)}</span>
              <small>{each.closed ? "closed" : each.blocked ? "blocked" : each.limit === null ? "no limit" : `up to ${text(each.limit)}`}</small>
            </button>
          ))}
        </div>
      </section>
      {shown ? <OneAccount key={shown.id} account={shown} may={may} /> : <div className={classes["one"]}><EmptyState title="No account yet" text="Firms and regular guests may have their bills written on an account and pay it later." /></div>}
      {opening ? <HouseAccountForm onClose={() => setOpening(false)} onOpened={setChosen} /> : null}
    </div>
  );
}

function OneAccount({ account, may }: { readonly account: HouseAccountState; readonly may: boolean }) {
  const send = useSend();
  const text = useMoneyText();
  const mayTake = useMay("check.settle");
  const range = useDayRange(31);
  const [doing, setDoing] = useState<"pay" | "change" | "close" | null>(null);
  const { id, name, limit, balance, blocked, closed } = account;
  const free = limit === null ? null : minorUnits(limit) - minorUnits(balance);
  const owes = minorUnits(balance) > 0n;
  // Refunded after it was paid: the house owes the guest.
  const credit = minorUnits(balance) < 0n ? moneyOf(-minorUnits(balance), balance.currency) : null;

  async function close() {
    setDoing(null);
    await send("payment.closeHouseAccount", { account: id });
  }

  return (
    <section className={classes["one"]} aria-label={name}>
      <Group gap="sm">
        <Text component="h2" m={0} fz={24} fw={750} style={{ overflowWrap: "anywhere" }}>{name}</Text>
        {blocked ? <Badge size="xl" color="chili">Blocked</Badge> : null}
        {closed ? <Badge size="xl" color="gray">Closed</Badge> : null}
      </Group>
      <div className={classes["figures"]}>
        {credit ? <div><small>Too much</small><b>{text(credit)}</b></div> : <div><small>Owed</small><b>{text(balance)}</b></div>}
        <div><small>Code on bills</small><b>{accountReference(id)}</b></div>
        <div><small>Limit</small><b>{limit === null ? "none" : text(limit)}</b></div>
        <div><small>Free</small><b>{blocked ? "blocked" : free === null ? "no limit" : text(moneyOf(free > 0n ? free : 0n, balance.currency))}</b></div>
      </div>
      <Group gap="xs">
        <Button leftSection={<IconCash size={22} />} disabled={!mayTake || (!owes && !credit)} onClick={() => setDoing("pay")}>{credit ? `Pay out ${text(credit)}` : "Take a payment"}</Button>
        <Button variant="default" px="sm" leftSection={<IconPencil size={22} />} disabled={!may || closed} onClick={() => setDoing("change")}>Change</Button>
        <Button variant="default" px="sm" leftSection={blocked ? <IconLockOpen size={22} /> : <IconLock size={22} />} disabled={!may || closed} onClick={() => void send("payment.changeHouseAccount", { account: id, blocked: !blocked })}>{blocked ? "Unblock" : "Block"}</Button>
        {doing === "close" ? (
          <>
            <Button color="chili.6" style={{ maxWidth: "100%" }} leftSection={<IconX size={22} />} onClick={() => void close()}>Close {name} for good</Button>
            <Button variant="default" onClick={() => setDoing(null)}>Keep it open</Button>
          </>
        ) : (
          <Button variant="default" px="sm" leftSection={<IconX size={22} />} disabled={!may || closed || balance.amount !== "0"} onClick={() => setDoing("close")}>Close</Button>
        )}
        <AuditButton stream={id} title={`Account ${name}`} />
      </Group>
      {balance.amount === "0" ? null : <Text c="var(--ink-3)" fz={15}>{closed ? "What it has too much is the guest's." : credit ? "It can be closed once that is paid out." : "It can be closed once nothing is owed."}</Text>}
      <Group align="end">
        <DayRangeInputs range={range} />
        <FileButton label="PDF" name="Statement as PDF" type="ledger.generate" disabled={!range.right} input={{ report: { kind: "statement", account: "1150", subject: id, from: range.from, to: range.to }, format: "pdf" }} />
        <FileButton label="Excel" name="Statement as Excel" type="ledger.generate" disabled={!range.right} input={{ report: { kind: "statement", account: "1150", subject: id, from: range.from, to: range.to }, format: "xlsx" }} />
      </Group>
      <section aria-label="Statement">
        {range.right ? <AccountStatement account="1150" subject={id} from={range.from} to={range.to} /> : <Text c="chili.6"><IconReceipt2 size={18} aria-hidden /> The first day is after the last.</Text>}
      </section>
      {doing === "pay" ? <PayAccountDialog account={account} onClose={() => setDoing(null)} /> : null}
      {doing === "change" ? <HouseAccountForm account={account} onClose={() => setDoing(null)} /> : null}
    </section>
  );
}
