/** CloudEvents 1.0, structured JSON, with the extensions of DESIGN.md ("Envelope"). */
export type Envelope<Type extends string = string, Data = unknown> = {
  readonly specversion: "1.0";
  /** `{domain}.{entity}.{action}`, past tense. */
  readonly type: Type;
  /** `/hub` or `/consumers/<group>`. */
  readonly source: string;
  /** ULID with prefix `evt_`. */
  readonly id: string;
  /** When it was recorded, ISO 8601 UTC with milliseconds, monotonic per shard. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** The aggregate's id, which is also its stream's name. */
  readonly subject: string;
  readonly data: Data;
  readonly organizerid: string;
  /** Absent on an event that belongs to the organizer as a whole. */
  readonly merchantid?: string;
  /** Gapless per shard (LOG-1); a string because CloudEvents integers have 32 bits. */
  readonly position: string;
  /** The stream's version after this event, from 1. */
  readonly streamversion: number;
  /** When it happened, ISO 8601 UTC. */
  readonly occurredat: string;
  /** YYYY-MM-DD by the merchant's zone and cut-over (DOM-17); absent on organizer events. */
  readonly businessdate?: string;
  readonly commandid: string;
  readonly correlationid: string;
  readonly causationid?: string;
  /** `staff:<id>`, `device:<id>`, `consumer:<group>`, `system`. */
  readonly actor: string;
  /** The device on which the command was given. */
  readonly deviceid?: string;
  /** The capability that let the command in. */
  readonly capability?: string;
  /** HMAC of the caller's address, keyed by the installation's secret. */
  readonly addresshash?: string;
  readonly traceparent?: string;
  /** Version of the schema of `data`, from 1. */
  readonly dataversion: number;
};
