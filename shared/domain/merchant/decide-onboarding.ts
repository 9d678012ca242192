import { createMerchant, createOrganizer } from "#shared/commands/settings.ts";
import type { Decision } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";
import { policiesRefusal, safePolicies, unitsRefusal } from "./policy-rules.ts";

export const createOrganizerCommand = command({
  type: "commerce.createOrganizer",
  version: 1,
  capability: "operate.system",
  owner: "organizer",
  schema: createOrganizer,
  reads: (input) => [ref("organizer", input.organizer)],
  decide: ({ organizer, name }, reader): Decision<Nothing> => {
    if (reader.get("organizer", organizer)) return refuse("organizer-exists", { organizer });
    return { changes: [change("organizer", organizer, [{ type: "commerce.organizer.created", data: { name } }])], result: {} };
  },
});

/** One decision, so that no place exists without its policies: accounts, stock and numbering begin with `commerce.initialized`. */
export const createMerchantCommand = command({
  type: "commerce.createMerchant",
  version: 1,
  capability: "operate.system",
  owner: "merchant",
  schema: createMerchant,
  reads: (input) => [ref("merchant", input.merchant)],
  decide: ({ merchant, profile, policies: given }, reader): Decision<Nothing> => {
    if (reader.get("merchant", merchant)) return refuse("merchant-exists", { merchant });
    const policies = given ?? safePolicies(profile.currency);
    return (
      policiesRefusal(policies, null) ?? unitsRefusal(policies, profile) ?? {
        changes: [
          change("merchant", merchant, [
            { type: "commerce.merchant.created", data: profile },
            { type: "commerce.policies.changed", data: policies },
            { type: "commerce.initialized", data: { merchant, currency: profile.currency } },
          ]),
        ],
        result: {},
      }
    );
  },
});
