import { isDeepStrictEqual } from "node:util";
import type { Device } from "../device.ts";
import { plain, type Finding, type History } from "./history.ts";

/**
 * What a screen shows is what one that is loaded anew would show, and what it still keeps of orders that are over is what the
 * log says of them. It came there by its cursor: the one snapshot it took was its first.
 */
export async function checkScreen(device: Device, { states }: History): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { kinds } = device.world.view.get();
  const fresh = await device.freshSnapshot();
  const shown = new Set<string>();
  for (const { kind, stream, version, state } of fresh.aggregates) {
    shown.add(stream);
    const held = kinds[kind]?.get(stream);
    if (held === undefined) findings.push(`does not show ${kind} ${stream}`);
    else if (held.version !== version || !isDeepStrictEqual(plain(held.state), state)) {
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
  return findings.map((finding) => `screen ${device.name} ${finding}`);
}
