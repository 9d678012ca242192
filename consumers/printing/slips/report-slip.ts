import { blindReport } from "#shared/domain/cash/blind.ts";
import { daySections, drawerRows, type PaperRow, type PaperSection, type PaperTax } from "#shared/domain/cash/paper-rows.ts";
import type { CashReport, DayReport, DrawerReport } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Cell, ColumnsLine, Slip, SlipLine } from "../escpos/slip.ts";
import { reportedMethod } from "./methods.ts";
import { moneyText, percentText, shownDecimal } from "./money-text.ts";
import { localDateTime, type Place } from "./place.ts";

const MOVEMENTS = { "pay-in": "In", "pay-out": "Out", "tips-paid": "Tips", "account-paid-out": "Account paid out", drop: "Drop" } as const;

/** As it is printed, and as a spreadsheet adds it up. */
type Shown = Pick<Cell, "text" | "amount">;
type Show = (money: Money) => Shown;

/** X or Z of a drawer or of the day, as it was stored; `copy` 0 is the first print. */
export function reportSlip(report: CashReport, copy: number, place: Place): Slip {
  const show: Show = (money) => ({ text: moneyText(money, report.displayDigits, place.locale), amount: shownDecimal(money, report.displayDigits) });
  const lines: SlipLine[] = [
    ...(copy > 0 ? [{ kind: "text", text: ` COPY ${copy} `, size: "large", invert: true, align: "center" } as const] : []),
    { kind: "text", text: report.merchant.name, size: "large", bold: true, align: "center" },
    ...report.merchant.address.map((text): SlipLine => ({ kind: "text", text, align: "center" })),
    { kind: "feed", lines: 1 },
    { kind: "text", text: title(report), size: "tall", bold: true },
    { kind: "text", text: `${localDateTime(report.at, place.zone)}, ${report.by.name}` },
    ...(report.scope === "drawer" ? drawerLines(report, place, show) : dayLines(report, show)),
    { kind: "rule" },
    { kind: "text", text: report.kind === "x" ? "X: so far, nothing is closed" : "Z: closed", align: "center" },
    { kind: "feed", lines: 2 },
    { kind: "cut" },
  ];
  return { lines };
}

export function title(report: CashReport): string {
  const letter = report.kind.toUpperCase();
  if (report.scope === "drawer") return `${letter} ${report.number} - ${report.name}`;
  return `${letter} ${report.number} - Day ${report.from === report.to ? report.to : `${report.from} to ${report.to}`}`;
}

function drawerLines(report: DrawerReport, place: Place, show: Show): SlipLine[] {
  // An X is printed before the count, which is blind.
  const rows = drawerRows(report.count === null ? blindReport(report) : report, (money) => show(money).text);
  return [
    { kind: "text", text: `Business date ${report.businessDate}` },
    { kind: "text", text: `Opened ${localDateTime(report.openedAt, place.zone)}, ${report.openedBy.name}` },
    { kind: "rule" },
    ...rows.map((one) => rowLine(one, show)),
    ...(report.movements.length === 0 ? [] : [{ kind: "rule" } as const]),
    ...report.movements.flatMap(({ kind, amount, reason, at, by }): SlipLine[] => [
      columns(`${localDateTime(at, place.zone).slice(11)} ${MOVEMENTS[kind]}`, show(amount)),
      { kind: "text", text: reason === null ? by.name : `${reason} (${by.name})`, indent: 2 },
    ]),
  ];
}

function dayLines(report: DayReport, show: Show): SlipLine[] {
  return daySections(report, reportedMethod).flatMap((section) => [{ kind: "rule" }, ...sectionLines(section, show)]);
}

function sectionLines(section: PaperSection, show: Show): readonly SlipLine[] {
  if ("rows" in section) return section.rows.map((one) => rowLine(one, show));
  return [
    { kind: "columns", cells: [{ text: section.word }, { text: "net", width: 13, align: "right" }, { text: "tax", width: 11, align: "right" }] },
    ...section.taxes.map((tax) => taxLine(tax, show)),
  ];
}

function taxLine({ name, rate, base, tax }: PaperTax, show: Show): SlipLine {
  return {
    kind: "columns",
    cells: [{ text: name.includes("%") ? name : `${name} ${percentText(rate)}%` }, { ...show(base), width: 13, align: "right" }, { ...show(tax), width: 11, align: "right" }],
  };
}

function rowLine({ label, value, strong, within }: PaperRow, show: Show): SlipLine {
  if (value === null) return { kind: "text", text: label, ...(within ? { indent: 2 } : {}) };
  const line = columns(within ? `  ${label}` : label, typeof value === "string" ? { text: value } : show(value));
  return strong ? { ...line, bold: true } : line;
}

function columns(label: string, value: Shown): ColumnsLine {
  return { kind: "columns", cells: [{ text: label }, { ...value, width: 14, align: "right" }] };
}
