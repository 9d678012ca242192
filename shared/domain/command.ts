import type { z } from "zod";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { IdKind } from "#shared/ids.ts";
import type { AggregateKind, Ref, StateOf } from "./aggregate.ts";

/** What the decider may know of the world: states that `reads` named. Undefined: the stream does not exist. */
export type Reader = {
  get<K extends AggregateKind>(kind: K, stream: string): StateOf[K] | undefined;
};

export type Actor = {
  readonly staff: string | null;
  readonly device: string | null;
  readonly name: string;
  readonly capabilities: readonly Capability[];
};

/** Time, actor and ids are handed in; the domain has no clock and no randomness. */
export type Context = {
  readonly now: string;
  readonly businessDate: string;
  readonly organizer: string;
  readonly merchant: string;
  readonly actor: Actor;
  newId(kind: IdKind): string;
};

export type Change = {
  readonly kind: AggregateKind;
  readonly stream: string;
  /** None: a guard, the stream must be as it was read. */
  readonly events: readonly DomainEvent[];
};

/** DOM-19: checked and moved by the log itself, in the same transaction; the log writes no event for it, so name one in `changes` on the product's `countdown` stream. */
export type Count =
  | { readonly product: string; readonly take: string }
  | { readonly product: string; readonly giveBack: string }
  | { readonly product: string; readonly set: string | null };

/** An expected no: a code in kebab-case, and fields that let a client say what to do. Never a sentence. */
export type Refusal = { readonly refused: string; readonly [field: string]: unknown };

export type Decision<Result> =
  | { readonly changes: readonly Change[]; readonly counts?: readonly Count[]; readonly result: Result }
  | Refusal;

export type Shortage = { readonly product: string; readonly available: string };

export type CommandDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType, Result = unknown> = {
  /** `<area>.<verb>`: also the path of the tRPC procedure. */
  readonly type: Type;
  /** Raise it when the schema changes its meaning (LOG-4). */
  readonly version: number;
  readonly capability: Capability;
  /** Any of these is as good. */
  readonly alsoAllowed?: readonly Capability[];
  /** Whose stream it is: the merchant's (almost always) or the organizer's. */
  readonly owner: "merchant" | "organizer";
  readonly schema: Schema;
  /** Every state the decision needs. Called again with what was loaded until it names nothing new. */
  reads(input: z.output<Schema>, reader: Reader, context: Context): readonly Ref[];
  decide(input: z.output<Schema>, reader: Reader, context: Context): Decision<Result>;
  /** Turns the log's shortage into the refusal that names products and what can still be sent. */
  onShortage?(input: z.output<Schema>, reader: Reader, short: readonly Shortage[]): Refusal;
};

export function isRefusal<Result>(decision: Decision<Result>): decision is Refusal {
  return "refused" in decision;
}
