/** The braces put all keys of a shard into one slot of a Redis cluster; the epoch keeps logs apart (LOG-6, LOG-7). */
export function streamKey(shard: number, epoch: string): string {
  return `comanda:{s${shard}}:events:${epoch}`;
}

/** The id of an entry is its position, so that "what follows" can be asked of Redis by position. */
export function entryId(position: bigint): string {
  return `${position}-0`;
}

export function positionOf(entry: string): bigint {
  return BigInt(entry.slice(0, entry.indexOf("-")));
}
