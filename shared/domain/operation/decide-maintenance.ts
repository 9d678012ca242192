import { compare, rebuild, replay } from "#shared/commands/operation.ts";
import { CONSUMER_GROUPS, type ConsumerAbilities, type ConsumerGroup } from "#shared/consumers.ts";
import type { MaintenanceKind, ReplayFrom } from "#shared/events/system.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";

type Asked = { readonly maintenance: string; readonly group: ConsumerGroup; readonly reason: string };

const UNABLE: Readonly<Record<MaintenanceKind, string>> = { rebuild: "not-rebuildable", replay: "not-replayable", compare: "not-comparable" };

function requested({ maintenance: id, group, reason }: Asked, kind: MaintenanceKind, from: ReplayFrom | null, reader: Reader, context: Context): Decision<Nothing> {
  const abilities: ConsumerAbilities = CONSUMER_GROUPS[group];
  if (!abilities[kind]) return refuse(UNABLE[kind], { group });
  if (reader.get("maintenance", id)) return refuse("maintenance-exists", { maintenance: id });
  const data = { kind, group, from, by: context.actor.name, reason };
  return { changes: [change("maintenance", id, [{ type: "system.maintenance.requested", data }])], result: {} };
}

/** Concerns every place of the installation, so it is the operator's; it is written down at the place that it was asked from. */
const about = {
  version: 1,
  capability: "operate.system",
  owner: "merchant",
  reads: (input: Asked) => [ref("maintenance", input.maintenance)],
} as const;

export const rebuildCommand = command({
  ...about,
  type: "system.rebuild",
  schema: rebuild,
  decide: (input, reader, context): Decision<Nothing> => requested(input, "rebuild", null, reader, context),
});

export const replayCommand = command({
  ...about,
  type: "system.replay",
  schema: replay,
  decide: (input, reader, context): Decision<Nothing> => requested(input, "replay", input.from, reader, context),
});

export const compareCommand = command({
  ...about,
  type: "system.compare",
  schema: compare,
  decide: (input, reader, context): Decision<Nothing> => requested(input, "compare", null, reader, context),
});
