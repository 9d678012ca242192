import type { Envelope } from "#shared/events/envelope.ts";
import type { EventHead } from "./event-head.ts";

/** What the writer knows of an event; position, time and stream version are given under the shard's lock. */
export type DraftEvent = {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly dataversion: number;
  readonly occurredat: string;
  readonly businessdate?: string;
};

/** The stored form of an aggregate's state (LOG-5): one head, and a row for each part that changed. */
export type StoredState = {
  readonly head: unknown;
  /** Parts that changed; null removes the row. */
  readonly parts: ReadonlyMap<string, unknown>;
  readonly evolveVersion: number;
  /** False once the aggregate is of no more use to a screen (cleared party, closed check). Snapshots read active rows only. */
  readonly active: boolean;
};

export type StreamChange = {
  readonly stream: string;
  readonly kind: string;
  /**
   * The version the decision was made on; 0 means that the stream must not exist.
   * "any" takes the next version whatever it is (commutative streams: countdowns).
   */
  readonly expected: number | "any";
  readonly events: readonly DraftEvent[];
  /** Absent on a commutative stream and on a guard (a stream that was read and must not have moved: no events). */
  readonly state?: StoredState;
};

/** DOM-19: `take` is conditional and commutative; `set` replaces; null stands for "not counted". Decimal strings. */
export type CountChange =
  | { readonly product: string; readonly take: string }
  | { readonly product: string; readonly giveBack: string }
  | { readonly product: string; readonly set: string | null };

export type AppendCommand = {
  /** A bare ULID. */
  readonly commandId: string;
  /** Over the canonical validated input, the actor and the schema's version (LOG-4). Hex SHA-256. */
  readonly hash: string;
  readonly organizerId: string;
  /** Absent for an organizer's own command. The owner (merchant, else organizer) chooses the shard and must own every stream. */
  readonly merchantId?: string;
  readonly actor: string;
  /** Of the door through which the command came; consumers have none. */
  readonly door?: Pick<Envelope, "deviceid" | "capability" | "addresshash">;
  readonly source: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly changes: readonly StreamChange[];
  readonly counts: readonly CountChange[];
  /** JSON text of the first answer: returned for every repeat of this id. A final refusal has no changes. */
  readonly answer: string;
};

export type Appended = {
  readonly outcome: "appended";
  readonly shard: number;
  /** First and last position of the command's frame; absent when it wrote no event. */
  readonly from?: bigint;
  readonly to?: bigint;
  /** The stored envelopes, text as published, in order. */
  readonly events: readonly string[];
  /** The version of each changed stream after the append. */
  readonly versions: ReadonlyMap<string, number>;
  /** What is left of each product the command counted; null is not counted. */
  readonly remaining: ReadonlyMap<string, string | null>;
};

export type AppendOutcome =
  | Appended
  /** The id was in the log with the same hash: the first answer. */
  | {
      readonly outcome: "repeat";
      readonly answer: string;
      readonly shard: number;
      /** The first append's frame; absent when it wrote no event. */
      readonly from?: bigint;
      readonly to?: bigint;
    }
  /** The id was in the log with another hash. */
  | { readonly outcome: "reused-id" }
  /** The id's own month is older than is kept (90 days), or lies in the future by more than a day. */
  | { readonly outcome: "too-old" }
  | { readonly outcome: "conflict"; readonly streams: readonly { readonly stream: string; readonly version: number }[] }
  | { readonly outcome: "shortage"; readonly short: readonly { readonly product: string; readonly available: string }[] }
  /** A stream of the command is owned by somebody else. */
  | { readonly outcome: "foreign-stream"; readonly stream: string }
  /** The shard's lock stayed busy for the bounded number of batches, or the database is away or takes nothing: nothing is known to be written, the same id may be sent again. */
  | { readonly outcome: "unavailable"; readonly reason: "shard-busy" | "database-away" | "database-full" | "database-read-only" | "overloaded" };

/** A state as loaded: version 0 and no head when the stream does not exist. */
export type LoadedState = {
  readonly stream: string;
  readonly kind: string;
  readonly version: number;
  /** LOG-5: of the fold that wrote the state. Differs from yours: fold again from the events; newer than yours: refuse. 0 without a state. */
  readonly evolveVersion: number;
  readonly head: unknown;
  readonly parts: ReadonlyMap<string, unknown>;
};

export type StoredEvent = {
  readonly shard: number;
  readonly position: bigint;
  readonly commandId: string;
  /** The envelope's text, byte for byte what was published. */
  readonly text: string;
  /** Of an event that this process wrote: nobody here has to read the text for it (`headOf`). */
  readonly head?: EventHead;
};

export type ParsedEvent = StoredEvent & { readonly envelope: Envelope };
