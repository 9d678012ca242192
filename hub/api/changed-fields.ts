export type ChangedField = { readonly field: string; readonly before: unknown; readonly after: unknown };

/** What differs between two states, by field; of a table of things (items, shares) by the thing. Absent is null. */
export function changedFields(before: unknown, after: unknown): readonly ChangedField[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((field): readonly ChangedField[] => {
    const [old, now] = [was[field] ?? null, is[field] ?? null];
    if (old === now || JSON.stringify(old) === JSON.stringify(now)) return [];
    if (!isTable(old) || !isTable(now)) return [{ field, before: old, after: now }];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
      const [one, other] = [old[key] ?? null, now[key] ?? null];
      return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ field: `${field}.${key}`, before: one, after: other }];
    });
  });
}

type Table = Readonly<Record<string, unknown>>;

function fieldsOf(state: unknown): Table {
  return typeof state === "object" && state !== null ? (state as Table) : {};
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
