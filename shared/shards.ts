/** LOG-1: the log has 16 shards; the owner of a stream (merchant or organizer) chooses its shard. */
export const SHARD_COUNT = 16;

/** FNV-1a over the owner's id, so that hub, consumer and test agree without asking the database. */
export function shardOf(ownerId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ownerId.length; i++) {
    hash = Math.imul(hash ^ ownerId.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % SHARD_COUNT;
}
