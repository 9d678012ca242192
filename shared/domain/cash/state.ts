import type { Money } from "#shared/events/primitives.ts";
import type { Person } from "../floor/state.ts";

/** Stream `til_<ulid of the merchant>_<name>`; `drawer` is the session that is open on it. */
export type TillState = { readonly name: string; readonly drawer: string | null };
/** One session of a drawer, from float to count. */
export type DrawerState = {
  readonly id: string;
  readonly name: string;
  readonly float: Money;
  /** Minor units that should be in it: float + cash taken. */
  readonly expected: Money;
  readonly openedAt: string;
  readonly openedBy: Person;
  readonly closed: { readonly counted: Money; readonly difference: Money; readonly at: string } | null;
};
