import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { id, text } from "./primitives.ts";

export const printJob = z.object({
  job: id("job"),
  printer: id("printer"),
  printerName: text(30),
  kind: z.enum(["ticket", "void", "receipt", "bill", "report", "cash"]),
  /** The ticket, check, refund, report, drawer or house account that it shows. */
  about: z.union([id("ticket"), id("check"), id("refund"), id("report"), id("drawer"), id("houseAccount")]),
  order: id("order").nullable(),
  items: z.array(id("item")).max(200),
  /** What people are told: "cover-open", "paper-out", "unreachable", "no-answer", "stale". */
  cause: z.string().max(40).nullable(),
});
/** facts: a job is queued -> sending -> printed | sent (unconfirmed) | unknown | failed | expired. */
export const printingEvents = [
  event("printing.job.queued", 1, printJob),
  event("printing.job.printed", 1, printJob),
  event("printing.job.sent", 1, printJob),
  event("printing.job.unknown", 1, printJob),
  event("printing.job.failed", 1, printJob),
  event("printing.job.expired", 1, printJob),
  /** The printer's own state, told on change. */
  event("printing.printer.changed", 1, z.object({ online: z.boolean(), cause: z.string().max(40).nullable(), name: text(30), waiting: z.number().int().min(0) })),
  /** A person asked for the slip again: it says REPRINT. */
  event("printing.job.reprintRequested", 1, z.object({ job: id("job"), by: text(60) })),
] as const;
export type PrintingEvent = EventOf<typeof printingEvents>;

export type PrintJobData = z.infer<typeof printJob>;
