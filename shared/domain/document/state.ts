import type { FileContent, FileFormat } from "#shared/events/document.ts";
import type { Person } from "../floor/state.ts";

/** Stream `doc_…`: one file that a job makes. */
export type DocumentState = {
  readonly id: string;
  readonly kind: FileContent["kind"];
  readonly format: FileFormat;
  readonly by: Person;
  readonly requestedAt: string;
  readonly status: "making" | "ready" | "failed";
  readonly percent: number;
  /** Set when ready. */
  readonly file: { readonly name: string; readonly mediaType: string; readonly bytes: number; readonly rows: number } | null;
  readonly reason: string | null;
};
