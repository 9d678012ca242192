/** An event on its way to the handler; `text` is dropped when its type is of no interest. */
export type QueuedEntry = { readonly position: bigint; readonly text: string | null };

export type Batch = {
  readonly entries: readonly QueuedEntry[];
  /** The last position that the batch covers, skipped events included. */
  readonly to: bigint;
};

export type EntryQueue = {
  readonly length: number;
  /** How many of them are of interest. */
  readonly wanted: number;
  /** The highest position that is known to exist. */
  readonly head: bigint;
  /** Takes the entry if it follows on what is queued. False at a hole: the range has to be read from Postgres. */
  offer(position: bigint, text: string): boolean;
  noticeHead(head: bigint): void;
  /** After what position to read Postgres, when more is known to exist than is queued. */
  missingAfter(): bigint | undefined;
  /** Up to `limit` events of interest, with all that lie between and behind them. */
  peek(limit: number): Batch | undefined;
  /** Up to `limit` events of interest behind a position, in order. */
  behind(position: bigint, limit: number): readonly QueuedEntry[];
  dropThrough(position: bigint): void;
};

/** Events that one turn may skip, so that a long run of foreign types does not hold the turn for ever. */
const SKIP_LIMIT = 5_000;

/** RUN-1: only position = last + 1 gets in. */
export function entryQueue(applied: bigint, isOfInterest: (text: string) => boolean): EntryQueue {
  let entries: QueuedEntry[] = [];
  let wanted = 0;
  let tail = applied;
  let head = applied;

  return {
    get length() {
      return entries.length;
    },
    get wanted() {
      return wanted;
    },
    get head() {
      return head;
    },
    offer(position, text) {
      if (position > head) head = position;
      if (position <= tail) return true;
      if (position !== tail + 1n) return false;
      tail = position;
      const isWanted = isOfInterest(text);
      if (isWanted) wanted += 1;
      entries.push({ position, text: isWanted ? text : null });
      return true;
    },
    noticeHead(seen) {
      if (seen > head) head = seen;
    },
    missingAfter: () => (head > tail ? tail : undefined),
    peek(limit) {
      if (entries.length === 0) return undefined;
      const taken: QueuedEntry[] = [];
      let to = 0n;
      for (const [i, entry] of entries.entries()) {
        if (entry.text !== null && taken.length === limit) break;
        if (i === SKIP_LIMIT) break;
        if (entry.text !== null) taken.push(entry);
        to = entry.position;
      }
      return { entries: taken, to };
    },
    behind(position, limit) {
      const from = entries.findIndex((entry) => entry.position > position);
      const found: QueuedEntry[] = [];
      for (let i = from; i !== -1 && i < entries.length && found.length < limit; i++) {
        const entry = entries[i];
        if (entry !== undefined && entry.text !== null) found.push(entry);
      }
      return found;
    },
    dropThrough(position) {
      const next = entries.findIndex((entry) => entry.position > position);
      const dropped = next === -1 ? entries : entries.slice(0, next);
      for (const { text } of dropped) if (text !== null) wanted -= 1;
      entries = next === -1 ? [] : entries.slice(next);
      if (position > tail) tail = position;
      if (position > head) head = position;
    },
  };
}
