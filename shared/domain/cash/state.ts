import type { CashReport, DrawerMovement } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Person } from "../floor/state.ts";

/** Stream `til_<ulid of the merchant>_<name>`; `drawer` is the session that is open on it. */
export type TillState = { readonly name: string; readonly drawer: string | null };

/** How often, and how much in all. */
export type Sum = { readonly count: number; readonly amount: Money };

/** One session of a drawer, from float to count. */
export type DrawerState = {
  readonly id: string;
  readonly name: string;
  readonly float: Money;
  /** Minor units that should be in it: float + taken - returned + paid in - paid out - tips paid - accounts paid out - dropped. */
  readonly expected: Money;
  readonly openedAt: string;
  readonly openedBy: Person;
  /** Cash of guests, rounded, with tips; `tips` is the part of it that was given to staff. */
  readonly taken: Sum;
  readonly tips: Money;
  /** Cash given back, with tips; `returnedTips` is that part of it, whichever way the tip had come. */
  readonly returned: Sum;
  readonly returnedTips: Money;
  readonly paidIn: Sum;
  readonly paidOut: Sum;
  readonly tipsPaid: Sum;
  /** What house accounts had too much. */
  readonly accountsPaidOut: Sum;
  readonly dropped: Sum;
  readonly movements: readonly DrawerMovement[];
  readonly closed: { readonly counted: Money; readonly difference: Money; readonly at: string } | null;
};

/** Stream `mov_…`: made once, whatever was asked for twice. */
export type MovementState = { readonly drawer: string };

/** Stream `rpt_…`: `report` is null until the consumer that adds up the day has made it. */
export type CashReportState = { readonly id: string; readonly report: CashReport | null; readonly copies: number };
