/** A parked event as its shard's owner remembers it; the rows in parked_events are the truth. */
export type ParkedEntry = {
  readonly position: bigint;
  readonly keys: readonly string[];
  /** When the next retry is due; null for one that only waits behind another. */
  readonly dueAtMs: number | null;
  /** Blocks its keys until a person decides. */
  readonly dead: boolean;
  /** Was tried together with others, which failed or killed the process: from now on by itself. */
  readonly alone?: boolean;
};

export type ParkedLine = {
  readonly size: number;
  put(entry: ParkedEntry): void;
  remove(position: bigint): void;
  blocks(keys: readonly string[]): boolean;
  get(position: bigint): ParkedEntry | undefined;
  /** The lowest position that is first in line for all its keys and due. */
  nextDue(nowMs: number): bigint | undefined;
  /** At most so many, in position order, that never failed and are first in line once those before them here are through. */
  together(most: number): readonly bigint[];
  /** Whether time alone makes one due. */
  waitsForTime(): boolean;
};

/** RUN-4: one line per key, in position order. An event may run when it is first in every line that it stands in. */
export function parkedLine(): ParkedLine {
  const entries = new Map<bigint, ParkedEntry>();
  const lines = new Map<string, bigint[]>();
  const first = new Set<bigint>();

  function isFirst(entry: ParkedEntry): boolean {
    return entry.keys.every((key) => lines.get(key)?.[0] === entry.position);
  }

  function look(position: bigint | undefined): void {
    const entry = position === undefined ? undefined : entries.get(position);
    if (entry === undefined) return;
    if (isFirst(entry)) first.add(entry.position);
    else first.delete(entry.position);
  }

  function goesTogether(entry: ParkedEntry | undefined): entry is ParkedEntry {
    return entry !== undefined && !entry.dead && entry.dueAtMs === null && entry.alone !== true;
  }

  function remove(position: bigint): void {
    const entry = entries.get(position);
    if (entry === undefined) return;
    entries.delete(position);
    first.delete(position);
    for (const key of entry.keys) {
      const line = lines.get(key) ?? [];
      line.splice(line.indexOf(position), 1);
      if (line.length === 0) lines.delete(key);
    }
    for (const key of entry.keys) look(lines.get(key)?.[0]);
  }

  return {
    get size() {
      return entries.size;
    },
    get: (position) => entries.get(position),
    remove,
    put(entry) {
      remove(entry.position);
      entries.set(entry.position, entry);
      for (const key of entry.keys) {
        const line = lines.get(key) ?? [];
        const displaced = line[0];
        insertSorted(line, entry.position);
        lines.set(key, line);
        look(displaced);
      }
      look(entry.position);
    },
    blocks: (keys) => keys.some((key) => lines.has(key)),
    nextDue(nowMs) {
      let next: bigint | undefined;
      for (const position of first) {
        const entry = entries.get(position);
        if (entry === undefined || entry.dead || (entry.dueAtMs ?? 0) > nowMs) continue;
        if (next === undefined || position < next) next = position;
      }
      return next;
    },
    together(most) {
      const taken: bigint[] = [];
      const passed = new Map<string, number>();
      const isNext = (entry: ParkedEntry) => entry.keys.every((key) => lines.get(key)?.[passed.get(key) ?? 0] === entry.position);
      const next: bigint[] = [];
      for (const position of first) if (goesTogether(entries.get(position))) insertSorted(next, position);
      while (taken.length < most) {
        const position = next.shift();
        const entry = position === undefined ? undefined : entries.get(position);
        if (entry === undefined) break;
        insertSorted(taken, entry.position);
        for (const key of entry.keys) passed.set(key, (passed.get(key) ?? 0) + 1);
        const behind = new Set(entry.keys.map((key) => lines.get(key)?.[passed.get(key) ?? 0]));
        for (const one of behind) {
          const other = one === undefined ? undefined : entries.get(one);
          if (goesTogether(other) && isNext(other)) insertSorted(next, other.position);
        }
      }
      return taken;
    },
    waitsForTime() {
      for (const position of first) if (entries.get(position)?.dead === false) return true;
      return false;
    },
  };
}

function insertSorted(line: bigint[], position: bigint): void {
  let at = line.length;
  for (; at > 0; at--) {
    const before = line[at - 1];
    if (before === undefined || before <= position) break;
  }
  line.splice(at, 0, position);
}
