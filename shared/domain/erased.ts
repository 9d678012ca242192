/** What stands where a guest's name was, in states, on screens and on paper. */
export const ERASED = "Guest, erased";

/** A label that is a table's number tells of no guest: "5", "T5", "5+6". Every other one may: "Tab Mike", and "Terrace" as well, for who could tell. */
const NUMBERED = /^T?\d{1,6}(\+T?\d{1,6})*$/;
/** What the log says in a name's place: the audit's commitment (hub/log/audit-digest.ts). */
const COMMITMENT = /erased-[A-Za-z0-9_-]{22}/g;

export function mayNameGuest(label: string): boolean {
  return label !== ERASED && !NUMBERED.test(label);
}

export function erasedLabel(label: string): string {
  return mayNameGuest(label) ? ERASED : label;
}

/** As people read it. */
export function commitmentInWords(text: string): string {
  return text.replaceAll(COMMITMENT, ERASED);
}
