import { z } from "zod";
import { fileFormat, ledgerReport } from "#shared/events/document.ts";
import { id } from "#shared/events/primitives.ts";

/**
 * `ledger.generate` -> `{ document }`: a job makes the file; `document.file.progressed / completed / failed` tell of it, `/files/<document>` gives the bytes.
 * Refuses: unknown-account { account }, dates-reversed, document-exists.
 */
export const generateLedger = z.object({ document: id("document"), report: ledgerReport, format: fileFormat });
/** `check.makeReceipt` -> `{ document }`: the receipt of a closed check as a PDF. Refuses: check-not-closed, document-exists. */
export const makeReceipt = z.object({ document: id("document"), check: id("check") });
/** `cash.makeReport` -> `{ document }`: a stored X or Z as PDF or XLSX. Refuses: unknown-report, document-exists. */
export const makeReport = z.object({ document: id("document"), report: id("report"), format: fileFormat });
