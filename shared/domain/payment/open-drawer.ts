import type { DrawerState } from "../cash/state.ts";
import type { Reader, Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";

/** The session that cash goes into or comes out of: today's, whenever the payment was. */
export function openDrawer(drawer: string | undefined, reader: Reader): DrawerState | Refusal {
  if (drawer === undefined) return refuse("drawer-required");
  const state = reader.get("drawer", drawer);
  if (!state) return refuse("unknown-drawer", { drawer });
  return state.closed ? refuse("drawer-closed", { drawer: state.id, name: state.name }) : state;
}
