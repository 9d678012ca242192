import type { Money } from "#shared/events/primitives.ts";
import type { Context } from "../command.ts";
import type { DrawerState } from "./state.ts";

/** What an answer says of what should be in a drawer. */
export type Told = { readonly expected?: Money };

/** CSH-4: only who answers for cash is told of an open drawer; whoever counts it is not. */
export function toldOf({ expected }: Pick<DrawerState, "expected">, { actor }: Pick<Context, "actor">): Told {
  return actor.capabilities.includes("approve.cash") ? { expected } : {};
}
