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

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARACTERS = 10;
/** So many bits of each word are four characters. */
const WORD_BITS = 20;
const WORDS = 4;

/** 32 bits of a text (FNV-1a with MurmurHash's last step): another start gives other bits. Not for secrets: whoever wants two texts of one word finds them. */
function wordOf(text: string, start: number): number {
  let word = (0x811c9dc5 ^ Math.imul(start, 0x9e3779b1)) | 0;
  for (let i = 0; i < text.length; i++) word = Math.imul(word ^ text.charCodeAt(i), 0x01000193);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

function charactersOf(word: number): string {
  let text = "";
  for (let bits = 0; bits < WORD_BITS; bits += 5) text = `${ALPHABET[(word >>> bits) & 31] ?? "0"}${text}`;
  return text;
}

/** ULIDs that follow from another one: of its time, all different, the same for everybody who knows it, and far from those that follow from the next one. */
export function ulidsAfter(ulid: string): () => string {
  let made = 0;
  let words: readonly number[] = [];
  let head = "";
  return () => {
    if (made === 0) {
      words = Array.from({ length: WORDS }, (_, i) => wordOf(ulid, i + 1));
      head = ulid.slice(0, TIME_CHARACTERS) + words.slice(1).map(charactersOf).join("");
    }
    made += 1;
    return head + charactersOf((words[0] ?? 0) + made);
  };
}
