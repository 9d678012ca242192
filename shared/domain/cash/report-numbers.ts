import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Context, Reader } from "../command.ts";
import { change, ref } from "../deciding.ts";
import { seriesStream } from "../streams.ts";

export type ReportSeries = `${"drawer" | "day"}-${"x" | "z"}`;

export function reportSeriesRef(context: Context, series: ReportSeries): Ref {
  return ref("series", seriesStream(context.merchant, series));
}

/** DOM-16: the next number of the series, taken in the same decision as the report, so that none is left out. */
export function nextReport(series: ReportSeries, reader: Reader, context: Context): { readonly number: number; readonly report: string; readonly advance: Change } {
  const stream = seriesStream(context.merchant, series);
  const number = reader.get("series", stream)?.next ?? 1;
  const report = context.newId("report");
  const advanced: DomainEvent = { type: "cash.series.advanced", data: { series, number, report } };
  return { number, report, advance: change("series", stream, [advanced]) };
}
