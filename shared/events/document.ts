import { z } from "zod";
import { cashReport } from "./cash.ts";
import { event, type EventOf } from "./define.ts";
import { businessDate, id, instant, person, text } from "./primitives.ts";
import { receipt } from "./sale-check.ts";

const account = z.string().regex(/^\d{4}$/, { error: "must be an account of four digits" });

/** What the ledger prints. Dates are business dates, both included; `at` is a time of posting, so the answer never changes later. */
export const ledgerReport = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("trial-balance"), at: instant.nullable() }),
  z.object({ kind: z.literal("journal"), from: businessDate, to: businessDate }),
  /** `subject`: of one check, drawer, person, provider or house account. */
  z.object({ kind: z.literal("statement"), account, subject: z.string().regex(/^[\w-]{1,60}$/).optional(), from: businessDate, to: businessDate }),
]);
/** What a file shows. A receipt or a report of the till comes whole, as it was stored. */
export const fileContent = z.discriminatedUnion("kind", [...ledgerReport.options, z.object({ kind: z.literal("receipt"), check: id("check"), receipt }), z.object({ kind: z.literal("cash-report"), report: cashReport })]);
export const fileFormat = z.enum(["pdf", "xlsx"]);
/** Whose paper it is, frozen when it was asked for. */
export const filePlace = z.object({ name: text(60), address: z.array(z.string()), currency: z.string(), displayDigits: z.number().int(), zone: z.string(), locale: z.string() });

/** A file that a job makes: asked for -> progress -> completed or failed. The bytes are fetched from `/files/<document>`. */
export const documentEvents = [
  event("document.file.requested", 1, z.object({ content: fileContent, format: fileFormat, place: filePlace, by: person })),
  /** At most ten of a file. */
  event("document.file.progressed", 1, z.object({ percent: z.number().int().min(0).max(99) })),
  event("document.file.completed", 1, z.object({ name: z.string().max(120), mediaType: z.string().max(100), bytes: z.number().int().min(1), rows: z.number().int().min(0) })),
  event("document.file.failed", 1, z.object({ reason: z.string().max(60) })),
] as const;
export type DocumentEvent = EventOf<typeof documentEvents>;
export type LedgerReport = z.infer<typeof ledgerReport>;
export type FileContent = z.infer<typeof fileContent>;
export type FileFormat = z.infer<typeof fileFormat>;
export type FilePlace = z.infer<typeof filePlace>;
