/**
 * Every id is a prefix and a ULID, made at the edge (client, API, consumer) and handed to the domain.
 * A command's id is a bare ULID: its time part chooses the monthly partition of the command table (LOG-4).
 */
export const ID_PREFIXES = {
  organizer: "org",
  merchant: "mer",
  staff: "stf",
  device: "dev",
  table: "tbl",
  station: "sta",
  printer: "ptr",
  category: "cat",
  product: "prd",
  ingredient: "ing",
  party: "pty",
  order: "ord",
  item: "itm",
  check: "chk",
  share: "shr",
  part: "cpt",
  adjustment: "adj",
  operation: "op",
  payment: "pay",
  attempt: "att",
  refund: "rfd",
  houseAccount: "hac",
  providerRequest: "prq",
  ticket: "tkt",
  drawer: "drw",
  movement: "mov",
  delivery: "dlv",
  report: "rpt",
  document: "doc",
  job: "prt",
  approval: "apr",
  giftCard: "gft",
  deadLetter: "dlt",
  maintenance: "mnt",
  event: "evt",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Crockford base 32 without I, L, O, U; the first character keeps the time within 48 bits. */
export const ULID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

export function idPattern(kind: IdKind): RegExp {
  return new RegExp(`^${ID_PREFIXES[kind]}_[0-7][0-9A-HJKMNP-TV-Z]{25}$`);
}

export function prefixed(kind: IdKind, ulid: string): string {
  return `${ID_PREFIXES[kind]}_${ulid}`;
}
