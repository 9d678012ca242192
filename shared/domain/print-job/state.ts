import type { PrintJobData } from "#shared/events/printing.ts";

export type PrintJobState = PrintJobData & { readonly id: string; readonly status: "queued" | "printed" | "sent" | "unknown" | "failed" | "expired"; readonly at: string };
export type PrinterState = { readonly id: string; readonly name: string; readonly online: boolean; readonly cause: string | null; readonly waiting: number };
