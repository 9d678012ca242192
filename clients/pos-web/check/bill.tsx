import { Button, Group, ScrollArea, Table, Text } from "@mantine/core";
import { IconArrowLeft, IconReceipt2 } from "@tabler/icons-react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals, lineAmount } from "#shared/domain/check/totals.ts";
import type { Share, Tender } from "#shared/events/sale-check.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { orderTitle } from "../order/order-title.ts";
import type { OrderWork } from "../order/use-order-work.ts";
import classes from "./check-screen.module.css";

type BillProps = { readonly work: OrderWork; readonly check: CheckState; readonly onBack: () => void };

export function Bill({ work, check, onBack }: BillProps) {
  const send = useSend();
  const text = useMoneyText();
  const mayTake = useMay("order.take");
  const totals = checkTotals(check);
  const money = (amount: string) => text({ amount, currency: check.currency });
  const shares = Object.values(check.shares).sort((a, b) => a.item.localeCompare(b.item));
  const open = check.status === "open" || check.status === "presented";
  return (
    <section className={classes["bill"]} aria-label="Bill">
      <header className={classes["head"]}>
        <button type="button" className={classes["icon"]} aria-label="Back to the order" onClick={onBack}><IconArrowLeft size={26} /></button>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text component="h1" fz={22} fw={750} lh={1.25} truncate>{orderTitle(work)}</Text>
          <Text fz={14} c="var(--ink-2)">{check.number ? `Receipt ${check.number}` : check.presented > 0 ? (check.outdated ? "Bill printed, outdated since" : "Bill printed") : "Bill"} · {check.server.name}</Text>
        </div>
        {open ? (
          <Button variant="default" leftSection={<IconReceipt2 size={22} />} disabled={!mayTake || shares.length === 0} onClick={() => void send("check.present", { check: check.id })}>
            {check.presented > 0 ? "Print bill again" : "Print bill"}
          </Button>
        ) : null}
      </header>
      <ScrollArea className={classes["lines"] ?? ""} type="scroll" scrollbarSize={8}>
        {shares.map((share) => <BillLine key={share.share} share={share} amount={money(lineAmount(share, check.policies.rounding.mode).toString())} text={text} />)}
      </ScrollArea>
      <footer className={classes["totals"]}>
        <Row label="Net" value={money(totals.net)} />
        {totals.serviceCharge === "0" ? null : <Row label="Service charge" value={money(totals.serviceCharge)} />}
        <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={0} fz={15} aria-label="Taxes">
          <Table.Tbody>
            {totals.taxes.map((tax) => (
              <Table.Tr key={`${tax.code} ${tax.rate} ${tax.inclusive}`} c="var(--ink-2)">
                <Table.Td>{tax.name.includes("%") ? tax.name : `${tax.name} ${percent(tax.rate)}`}{tax.inclusive ? ", included" : ""}</Table.Td>
                <Table.Td ta="right">on {money(tax.base)}</Table.Td>
                <Table.Td ta="right" w={110}>{money(tax.tax)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group justify="space-between" fz={24} fw={800}><span>Total</span><span>{money(totals.total)}</span></Group>
        {check.tenders.map((tender) => <TenderRow key={tender.payment} tender={tender} text={text} />)}
      </footer>
    </section>
  );
}

function Row({ label, value }: { readonly label: string; readonly value: string }) {
  return <Group justify="space-between" fz={15} c="var(--ink-2)"><span>{label}</span><span>{value}</span></Group>;
}

type Texts = ReturnType<typeof useMoneyText>;

function BillLine({ share, amount, text }: { readonly share: Share; readonly amount: string; readonly text: Texts }) {
  const part = share.denominator === 1 ? "" : ` (${share.numerator}/${share.denominator})`;
  return (
    <div className={classes["line"]}>
      <span className={classes["quantity"]}>{share.quantity}</span>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text fw={600}>{share.name}{part}</Text>
        {share.modifiers.map((modifier, i) => (
          <Text key={i} fz={14} c="var(--ink-2)">{modifier.name}{modifier.price.amount === "0" ? "" : ` +${text(modifier.price)}`}</Text>
        ))}
      </div>
      {share.seat === null ? null : <span className={classes["seat"]} aria-label={`seat ${share.seat}`}>{share.seat}</span>}
      <Text fw={600} w={96} ta="right">{amount}</Text>
    </div>
  );
}

function TenderRow({ tender, text }: { readonly tender: Tender; readonly text: Texts }) {
  const name = tender.method === "cash" ? "Cash" : `Card, slip ${tender.slip ?? ""}`;
  const extra = [tender.tip.amount === "0" ? null : `tip ${text(tender.tip)}`, tender.change && tender.change.amount !== "0" ? `change ${text(tender.change)}` : null, tender.roundingDifference.amount === "0" ? null : `rounding ${text(tender.roundingDifference)}`].filter(Boolean);
  return (
    <Group justify="space-between" fz={16}>
      <span>{name}{extra.length > 0 ? <Text span c="var(--ink-2)" fz={14}> · {extra.join(" · ")}</Text> : null}</span>
      <span>−{text(tender.amount)}</span>
    </Group>
  );
}

/** "0.0875" as "8.75 %", exactly. */
function percent(rate: string): string {
  const digits = (rate.split(".")[1] ?? "").padEnd(2, "0");
  const whole = String(Number(digits.slice(0, 2)));
  const rest = digits.slice(2).replace(/0+$/, "");
  return `${whole}${rest ? `.${rest}` : ""} %`;
}
