import { join } from "node:path";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { measureCommands } from "./commands.ts";
import { figure, percentile, type Figure } from "./figures.ts";
import { Pgbench, requirePgbench, rowSizes } from "./pgbench.ts";
import { cpuFromNow, HAS_PROC } from "./proc.ts";

/** So long the processes compile what they run often; a hub works for weeks. */
const WARM_UP_SECONDS = 20;

type Round = { readonly hub: number; readonly p99: number; readonly pgbench: number; readonly cpu: Readonly<Record<string, number>> };

/** Hub and pgbench in turn, round by round, so that a machine that slows down slows both. CPU is each process's share of a command, the load's own beside it. */
export async function commandsAgainstPgbench({ stack, places, dir, rounds, seconds }: OnAStack): Promise<Figure[]> {
  const path = await requirePgbench();
  say("Warming up ...");
  await measureCommands(stack, places, 64, WARM_UP_SECONDS);
  const peer = await Pgbench.prepare(path, stack.adminUrl, join(dir, "pgbench"), await rowSizes(stack.adminUrl));
  const processes = { hub: stack.hub.pid, consumers: stack.consumers.pid, Postgres: stack.postgres.pid, Redis: stack.redis.pid, "the load": process.pid };
  const figures: Figure[] = [];
  for (const inFlight of [16, 64]) {
    const seen: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      const used = HAS_PROC ? cpuFromNow(processes) : () => ({});
      const load = await measureCommands(stack, places, inFlight, seconds);
      const cpu = Object.fromEntries(Object.entries<number>(used()).map(([name, spent]) => [name, (spent * 1000) / load.commands]));
      const pgbench = await peer.run(inFlight, seconds);
      seen.push({ hub: load.perSecond, p99: percentile(load.latencies, 0.99), pgbench, cpu });
      say(`  ${inFlight} in flight, round ${round}: hub ${load.perSecond.toFixed(0)}/s, pgbench ${pgbench.toFixed(0)}/s`);
    }
    const ratio = seen.map((r) => r.hub / r.pgbench);
    figures.push(
      figure(`commands at ${inFlight} in flight`, "/s", seen.map((r) => r.hub)),
      figure(`their answer, p99, at ${inFlight}`, "ms", seen.map((r) => r.p99)),
      figure(`pgbench at ${inFlight} clients`, "/s", seen.map((r) => r.pgbench)),
      figure(`commands to pgbench at ${inFlight}`, "x", ratio, inFlight === 64 ? { atLeast: 0.5 } : undefined),
    );
    if (inFlight !== 64) continue;
    figures.push(figure("the same, as it is to be", "x", ratio, { atLeast: 0.8 }));
    for (const name of Object.keys(seen[0]?.cpu ?? {})) figures.push(figure(`CPU of a command, ${name}`, "ms", seen.map((r) => r.cpu[name] ?? Number.NaN)));
  }
  return figures;
}
