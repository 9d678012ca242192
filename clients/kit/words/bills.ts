import type { CheckState } from "#shared/domain/check/state.ts";

export function tableName(name: string): string {
  return `Table ${name}`;
}

/** A table's bill is labelled with its number only. */
export function billName({ label }: Pick<CheckState, "label">): string {
  return /^\d/.test(label) ? tableName(label) : label;
}
