import type { z } from "zod";
import type { moveCheck } from "#shared/commands/check.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Reader, Refusal } from "../command.ts";
import { guard, ref, refuse } from "../deciding.ts";
import { partyLabel } from "../order/open-order.ts";
import type { CheckState } from "./state.ts";

type Place = z.output<typeof moveCheck>["to"];
type Names = Pick<CheckState, "label" | "party" | "server">;

/** What a check is called, and who serves it, when it has gone there. */
export function namesAt(to: Place, check: Names, reader: Reader): Names | Refusal {
  if (to.kind === "label") return { label: to.label, party: null, server: check.server };
  const party = reader.get("party", to.party);
  if (!party) return refuse("unknown-party", { party: to.party });
  if (party.cleared) return refuse("party-cleared", { party: party.id });
  return { label: partyLabel(party) ?? check.label, party: party.id, server: party.server };
}

export function placeRefs(to: Place | undefined): readonly Ref[] {
  return to?.kind === "party" ? [ref("party", to.party)] : [];
}

/** The party must still be there when the check comes. */
export function placeGuards(places: readonly (Place | undefined)[]): readonly Change[] {
  return [...new Set(places.flatMap((to) => (to?.kind === "party" ? to.party : [])))].map((party) => guard("party", party));
}
