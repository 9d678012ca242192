import { memo, type ReactNode } from "react";
import { readTaxes } from "#shared/domain/check/read-taxes.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { CheckTotals } from "#shared/events/sale-check.ts";
import { rateInWords } from "../../kit/words/approvals.ts";
import { ADJUSTMENT_WORDS } from "../../kit/words/checks.ts";
import { refundRowsInWords } from "../../kit/words/refund-rows.ts";
import classes from "./part-totals.module.css";

/** From the list prices to what is due, in the order in which people reckon; taxes that are inside are said, not added. */
export const PartTotals = memo(function PartTotals({ check, size, text }: { readonly check: CheckState; readonly size: "large" | "plain" | "compact"; readonly text: (money: Money) => string }) {
  const totals = checkTotals(check);
  const money = (amount: bigint | string) => text({ amount: amount.toString(), currency: check.currency });
  const tips = check.tenders.reduce((sum, tender) => sum + BigInt(tender.tip.amount), 0n);
  const { listed, charge } = reckoned(totals);
  const rows: readonly (RowProps | null)[] = [
    { name: "Subtotal", value: money(listed) },
    ...(totals.adjustments ?? []).map((each): RowProps => ({ name: ADJUSTMENT_WORDS[each.kind], value: `−${money(each.amount)}`, kind: "less" })),
    charge === 0n ? null : { name: `Service${totals.serviceChargeRate ? ` ${rateInWords(totals.serviceChargeRate)}` : ""}`, value: money(charge) },
    ...readTaxes(totals.taxes).map((tax): RowProps => ({
      name: `${tax.name.includes("%") ? tax.name : `${tax.name} ${rateInWords(tax.rate)}`}${tax.inclusive ? " in it" : ""}${size === "large" ? ` on ${money(tax.base)}` : ""}`,
      value: money(tax.tax),
      kind: tax.inclusive ? "inside" : "tax",
    })),
    totals.rounding === undefined || totals.rounding === "0" ? null : { name: "Rounding", value: money(totals.rounding) },
    { name: "Total", value: money(totals.total), kind: "total" },
    totals.paid === "0" ? null : { name: "Paid", value: `−${money(totals.paid)}`, kind: "paid" },
    ...(check.refunds ?? []).flatMap(({ document }) => refundRowsInWords(document, text).map((row): RowProps => ({ ...row, kind: "paid" }))),
    tips === 0n ? null : { name: "Tip", value: money(tips), kind: "inside" },
  ];
  const shown = rows.filter((row) => row !== null);
  if (size === "compact") return <p className={classes["totals"]} data-size={size}>{inOneText(shown)}</p>;
  return <dl className={classes["totals"]} data-size={size}>{shown.map((row) => <Row key={`${row.name} ${row.value}`} {...row} />)}</dl>;
});

type RowProps = { readonly name: string; readonly value: string; readonly kind?: "less" | "inside" | "tax" | "total" | "paid" };

const MARKED: ReadonlySet<RowProps["kind"]> = new Set(["less", "total", "paid"]);

/** Many parts: what is reckoned reads as two lines of text, which is one element for the browser and not one for each word. A line breaks between the rows only. */
function inOneText(rows: readonly RowProps[]): readonly ReactNode[] {
  const pieces: ReactNode[] = [];
  let plain = "";
  rows.forEach(({ name, value, kind }, i) => {
    const words = `${name} ${value}`.replaceAll(" ", "\u00a0");
    const gap = i === rows.length - 1 ? "" : "\u2003";
    if (MARKED.has(kind)) {
      pieces.push(plain, <b key={words} data-kind={kind}>{words}</b>);
      plain = gap;
    } else plain += words + gap;
  });
  return [...pieces, plain].filter((piece) => piece !== "");
}

/** As the menu shows it: what the total holds beside lines, adjustments and taxes on top is the service charge. */
export function reckoned(totals: CheckTotals): { readonly listed: bigint; readonly charge: bigint } {
  const onTop = totals.taxes.reduce((sum, tax) => sum + (tax.inclusive ? 0n : BigInt(tax.tax)), 0n);
  const off = (totals.adjustments ?? []).reduce((sum, each) => sum + BigInt(each.amount), 0n);
  const rounding = BigInt(totals.rounding ?? "0");
  if (totals.subtotal === undefined) return { listed: BigInt(totals.total) - onTop - BigInt(totals.serviceCharge), charge: BigInt(totals.serviceCharge) };
  const listed = BigInt(totals.subtotal);
  return { listed, charge: BigInt(totals.total) - onTop - rounding - listed + off };
}

function Row({ name, value, kind }: RowProps) {
  return (
    <div className={classes["row"]} data-kind={kind}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
