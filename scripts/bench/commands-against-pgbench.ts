import { join } from "node:path";
import { say } from "../start/report.ts";
import { lossesOf, type Judged } from "./answered.ts";
import type { OnAStack } from "./bench.ts";
import { measureCommands } from "./commands.ts";
import { figure, percentile, type Figure } from "./figures.ts";
import { Pgbench, requirePgbench, rowSizes } from "./pgbench.ts";
import { cpuFromNow, HAS_PROC } from "./proc.ts";
import { openStreams, type Streams } from "./published.ts";

/** So long the processes compile what they run often; a hub works for weeks. */
const WARM_UP_SECONDS = 20;

type Round = { readonly hub: number; readonly p99: number; readonly lag: number; readonly pgbench: number; readonly cpu: Readonly<Record<string, number>> };

/**
 * Hub and pgbench in turn, round by round, so that a machine that slows down slows both. CPU is each process's share of a
 * command, the load's own beside it. After each round every answered command is looked for in the log and on Redis.
 */
export async function commandsAgainstPgbench(on: OnAStack): Promise<Figure[]> {
  const path = await requirePgbench();
  const streams = await openStreams(on.stack);
  try {
    return await measured(on, path, streams);
  } finally {
    await streams.close();
  }
}

async function measured({ stack, places, dir, rounds, seconds, profiled }: OnAStack, path: string, streams: Streams): Promise<Figure[]> {
  say("Warming up ...");
  await measureCommands(stack.url, streams, places, 64, WARM_UP_SECONDS);
  const peer = await Pgbench.prepare(path, stack.adminUrl, join(dir, "pgbench"), await rowSizes(stack.adminUrl));
  const processes = { hub: stack.hub.pid, consumers: stack.consumers.pid, Postgres: stack.postgres.pid, Redis: stack.redis.pid, "the load": process.pid };
  const figures: Figure[] = [];
  const judged: Judged[] = [];
  for (const inFlight of [16, 64]) {
    const seen: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      const used = HAS_PROC ? cpuFromNow(processes) : () => ({});
      const oneRound = () => measureCommands(stack.url, streams, places, inFlight, seconds);
      const load = await (inFlight === 64 && round === 1 ? profiled(oneRound) : oneRound());
      const cpu = Object.fromEntries(Object.entries<number>(used()).map(([name, spent]) => [name, (spent * 1000) / load.answered.length]));
      judged.push(await streams.judge(load.answered));
      const pgbench = await peer.run(inFlight, seconds);
      seen.push({ hub: load.perSecond, p99: percentile(load.latencies, 0.99), lag: percentile(load.lags, 0.99), pgbench, cpu });
      say(`  ${inFlight} in flight, round ${round}: hub ${load.perSecond.toFixed(0)}/s, published ${percentile(load.lags, 0.5).toFixed(1)} ms after the answer (p99 ${percentile(load.lags, 0.99).toFixed(1)}); pgbench ${pgbench.toFixed(0)}/s`);
    }
    const ratio = seen.map((r) => r.hub / r.pgbench);
    figures.push(
      figure(`commands published, at ${inFlight} in flight`, "/s", seen.map((r) => r.hub)),
      figure(`their answer, p99, at ${inFlight}`, "ms", seen.map((r) => r.p99)),
      figure(`from answer to Redis, p99, at ${inFlight}`, "ms", seen.map((r) => r.lag)),
      figure(`pgbench at ${inFlight} clients`, "/s", seen.map((r) => r.pgbench)),
      figure(`commands to pgbench at ${inFlight}`, "x", ratio, inFlight === 64 ? { atLeast: 0.8 } : undefined),
    );
    if (inFlight !== 64) continue;
    figures.push(figure("the same, as it is aimed at", "x", ratio, { atLeast: 1.5 }));
    for (const name of Object.keys(seen[0]?.cpu ?? {})) figures.push(figure(`CPU of a command, ${name}`, "ms", seen.map((r) => r.cpu[name] ?? Number.NaN)));
  }
  return [...figures, ...lossesOf(judged)];
}
