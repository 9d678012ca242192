import type { StoredEvent } from "#hub/log/types.ts";

/** Whom a ticket stands for. */
export type SocketSession = {
  readonly organizerId: string;
  readonly merchantId: string;
  readonly deviceId: string;
  readonly staffId?: string;
  readonly sessionId?: string;
  readonly capabilities: readonly string[];
  /** Milliseconds since 1970; the socket ends with it. */
  readonly expiresAt: number;
};

/** Takes the ticket out of use; undefined when it is unknown, used or too old. */
export type Authenticate = (ticket: string) => Promise<SocketSession | undefined>;

/** One of the two owners whose events a socket gets: its merchant, or the organizer itself. */
export type Owner = { readonly organizerId: string; readonly merchantId?: string };

/** The log in Postgres, for those who were away for longer than the ring reaches. */
export type EventIndex = {
  /** The last committed position of a shard. */
  head(shard: number): Promise<bigint>;
  /** The owner's events on the shard after a position, in order, whole commands, about `limit` at most. */
  read(owner: Owner, shard: number, after: bigint, limit: number): Promise<readonly StoredEvent[]>;
};

export function ownerId(owner: Owner): string {
  return owner.merchantId ?? owner.organizerId;
}
