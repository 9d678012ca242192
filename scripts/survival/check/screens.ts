import { isDeepStrictEqual } from "node:util";
import { blindDrawer, seesExpected } from "#shared/domain/cash/blind.ts";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { maySee, topicOf } from "#shared/protocol/topics.ts";
import type { Device } from "../device.ts";
import { plain, type Finding, type History } from "./history.ts";

/**
 * What a screen shows is what one that is loaded anew would show, and what it still keeps of orders that are over is what the
 * log says of them. It came there by its cursor: the one snapshot it took was its first.
 */
export async function checkScreen(device: Device, history: History): Promise<Finding[]> {
  const { states } = history;
  const findings: Finding[] = [];
  const { kinds } = device.world.view.get();
  const fresh = await freshSnapshotOf(device);
  const shown = new Set<string>();
  for (const { kind, stream, version, state } of fresh.aggregates) {
    shown.add(stream);
    const held = kinds[kind]?.get(stream);
    if (held === undefined) findings.push(`does not show ${kind} ${stream}`);
    else if (held.version !== version || !isDeepStrictEqual(plain(asTold(device, kind, held.state)), state)) {
      findings.push(`shows ${kind} ${stream} at version ${held.version} as ${JSON.stringify(held.state)}, not at ${version} as ${JSON.stringify(state)}`);
    }
  }
  for (const [kind, held] of Object.entries(kinds)) {
    for (const [stream, { version, state }] of held) {
      if (shown.has(stream)) continue;
      const known = states.get(stream);
      const same = known !== undefined && known.version === version && isDeepStrictEqual(plain(state), plain(known.state));
      if (!same) findings.push(`keeps ${kind} ${stream} at version ${version}, which the log has at ${known?.version ?? 0}, as something else`);
    }
  }
  if (device.snapshots() !== 1) findings.push(`took ${device.snapshots()} snapshots`);
  else findings.push(...checkHeard(device, history));
  return findings.map((finding) => `screen ${device.name} ${finding}`);
}

/** CSH-4: one on which somebody counts blind has added up what it heard, and is told nothing of it when it is loaded anew. */
function asTold(device: Device, kind: string, state: unknown): unknown {
  return kind === "drawer" && !seesExpected(device.capabilities()) ? blindDrawer(state as DrawerState) : state;
}

/** As a person who loads a page that does not come: again, while the machine is busy. */
async function freshSnapshotOf(device: Device, left = 4): Promise<Awaited<ReturnType<Device["freshSnapshot"]>>> {
  try {
    return await device.freshSnapshot();
  } catch (error) {
    if (left === 0) throw error;
    return freshSnapshotOf(device, left - 1);
  }
}

/** RT-2: the screen was brought each event that it may see once, in the order of the log, whichever hubs it had its socket at. */
function checkHeard(device: Device, { all }: History): Finding[] {
  const since = device.heardFrom()?.positions ?? {};
  const capabilities = new Set(device.capabilities());
  return Object.entries(since).flatMap(([shard, from]) => {
    const expected = all.filter((recorded) => recorded.shard === Number(shard) && recorded.position > BigInt(from) && isFor(device, capabilities, recorded.event));
    const heard = device.heard.filter((one) => one.shard === Number(shard));
    const wrong = [...expected.keys(), ...heard.keys()].find((i) => heard[i]?.id !== expected[i]?.event.id);
    if (wrong === undefined) return [];
    const at = (position: unknown) => (position === undefined ? "nothing" : `position ${position}`);
    return [`was brought ${at(heard[wrong]?.position)} of shard ${shard} as the ${wrong + 1}th event, which is ${at(expected[wrong]?.position)}`];
  });
}

function isFor({ merchant, organizer }: Device, capabilities: ReadonlySet<string>, { type, merchantid, organizerid }: EventEnvelope): boolean {
  const topic = topicOf(type);
  return topic !== undefined && maySee(topic, capabilities) && (merchantid === undefined ? organizerid === organizer : merchantid === merchant);
}
