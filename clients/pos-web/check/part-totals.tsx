import { memo } from "react";
import { readTaxes } from "#shared/domain/check/read-taxes.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import type { CheckTotals } from "#shared/events/sale-check.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { rateInWords } from "../../kit/words/approvals.ts";
import { ADJUSTMENT_WORDS } from "../../kit/words/checks.ts";
import { refundedOf, waysInWords } from "../pay/refund-ways.tsx";
import classes from "./part-totals.module.css";

/** From the list prices to what is due, in the order in which people reckon; taxes that are inside are said, not added. */
export const PartTotals = memo(function PartTotals({ check, size }: { readonly check: CheckState; readonly size: "large" | "plain" | "compact" }) {
  const large = size === "large";
  const text = useMoneyText();
  const totals = checkTotals(check);
  const money = (amount: bigint | string) => text({ amount: amount.toString(), currency: check.currency });
  const tips = check.tenders.reduce((sum, tender) => sum + BigInt(tender.tip.amount), 0n);
  const { listed, charge } = reckoned(totals);
  return (
    <dl className={classes["totals"]} data-size={size}>
      <Row name="Subtotal" value={money(listed)} />
      {(totals.adjustments ?? []).map((each) => <Row key={each.kind} name={ADJUSTMENT_WORDS[each.kind]} value={`−${money(each.amount)}`} kind="less" />)}
      {charge === 0n ? null : <Row name={`Service${totals.serviceChargeRate ? ` ${rateInWords(totals.serviceChargeRate)}` : ""}`} value={money(charge)} />}
      {readTaxes(totals.taxes).map((tax) => (
        <Row
          key={`${tax.name} ${tax.rate} ${tax.inclusive}`}
          name={`${tax.name.includes("%") ? tax.name : `${tax.name} ${rateInWords(tax.rate)}`}${tax.inclusive ? " in it" : ""}${large ? ` on ${money(tax.base)}` : ""}`}
          value={money(tax.tax)}
          kind={tax.inclusive ? "inside" : "tax"}
        />
      ))}
      {totals.rounding === undefined || totals.rounding === "0" ? null : <Row name="Rounding" value={money(totals.rounding)} />}
      <Row name="Total" value={money(totals.total)} kind="total" />
      {totals.paid === "0" ? null : <Row name="Paid" value={`−${money(totals.paid)}`} kind="paid" />}
      {(check.refunds ?? []).map((each) => <Row key={each.refund} name={`Refund ${each.document.number} · ${waysInWords(each)}`} value={text(refundedOf(each))} kind="paid" />)}
      {tips === 0n ? null : <Row name="Tip" value={money(tips)} kind="inside" />}
    </dl>
  );
});

/** As the menu shows it: what the total holds beside lines, adjustments and taxes on top is the service charge. */
export function reckoned(totals: CheckTotals): { readonly listed: bigint; readonly charge: bigint } {
  const onTop = totals.taxes.reduce((sum, tax) => sum + (tax.inclusive ? 0n : BigInt(tax.tax)), 0n);
  const off = (totals.adjustments ?? []).reduce((sum, each) => sum + BigInt(each.amount), 0n);
  const rounding = BigInt(totals.rounding ?? "0");
  if (totals.subtotal === undefined) return { listed: BigInt(totals.total) - onTop - BigInt(totals.serviceCharge), charge: BigInt(totals.serviceCharge) };
  const listed = BigInt(totals.subtotal);
  return { listed, charge: BigInt(totals.total) - onTop - rounding - listed + off };
}

function Row({ name, value, kind = "plain" }: { readonly name: string; readonly value: string; readonly kind?: string }) {
  return (
    <div className={classes["row"]} data-kind={kind}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
