import type { Access } from "#hub/auth/access.ts";
import type { Executor } from "#hub/commands/execute.ts";
import type { Sql } from "#hub/db/client.ts";
import type { Pace } from "./pace.ts";
import type { Observer } from "#hub/observe/observer.ts";
import type { IdKind } from "#shared/ids.ts";

/** What the procedures are given to work with. */
export type Hub = {
  /** The hub's role, under row-level security. */
  readonly sql: Sql;
  readonly executor: Executor;
  readonly access: Access;
  /** What operators see of the backbone. */
  readonly observer: Observer;
  /** Slows whoever floods. */
  readonly pace: Pace;
  /** What the log keeps of a caller's address. */
  addressHash(address: string): string;
  /** LOG-7. */
  epoch(): string;
  now(): number;
  newId(kind: IdKind): string;
  newUlid(): string;
  /** Shows PINs and pairs by itself: never with real guests. */
  readonly demo: boolean;
};
