import { writeSync } from "node:fs";
import { Session, type Debugger } from "node:inspector";
import { workerData } from "node:worker_threads";
import { pino } from "pino";
import { connect, type Sql } from "#hub/db/client.ts";
import { within } from "#hub/log/waiting.ts";
import type { Running } from "../ports.ts";
import { boardOver } from "./board.ts";
import { BEAT_MS, type WatchdogPlan } from "./watchdog.ts";

const { memory, databaseUrl, processName, logLevel, tellAfterMs, endAfterMs } = workerData as WatchdogPlan;
/** Postgres may be away, and a thread that stands in native code does not say where: neither holds up the end. */
const ANSWER_MS = 3_000;
const STACK_MS = 3_000;
const FRAMES = 8;

/** The thread that could write it later is the one that stands; a reader of the pipe that stands, too, is not waited for. */
function atOnce(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // What was seen is in Postgres as well.
  }
}

const logger = pino({ level: logLevel, base: { process: "consumers", name: processName } }, { write: atOnce });
const board = boardOver(memory);
let beats = board.beats();
/** Looks in a row without a beat, and not time: after both threads were stopped together there is one such look. */
let silent = 0;
let told: Promise<bigint | undefined> | undefined;
let sql: Sql | undefined;

setInterval(() => {
  const now = board.beats();
  if (now !== beats) {
    beats = now;
    silent = 0;
    if (told !== undefined) void goesOn(told);
    told = undefined;
    return;
  }
  silent += 1;
  const silentMs = silent * BEAT_MS;
  if (silentMs >= tellAfterMs) told ??= tell(board.running(), silentMs);
  if (silentMs >= endAfterMs) void end(told);
}, BEAT_MS);

async function tell(running: readonly Running[], silentMs: number): Promise<bigint | undefined> {
  const stack = await whereItStands();
  const about = running.map(({ group, shard, from, to, single }) => ({ group, shard, from: from.toString(), to: to.toString(), single }));
  logger.error({ running: about, stack, silentMs }, "a handler blocks the thread");
  try {
    return await within(ANSWER_MS, writeDown(running, about, stack));
  } catch (error) {
    logger.warn({ err: error }, "what blocks the thread could not be written down");
    return undefined;
  }
}

/** Whoever takes the shards over goes through what was under way one by one, so the attempt that blocks is counted from the first on. */
async function writeDown(running: readonly Running[], about: readonly object[], stack: readonly string[]): Promise<bigint | undefined> {
  sql ??= connect(databaseUrl, { max: 1, applicationName: "comanda-watchdog", idleTimeoutMs: 30_000 });
  const events: string[] = [];
  for (const { group, shard, fence, from, to, single } of running) {
    if (single) await sql`update consumer_attempts set reason = ${`blocked the thread: ${stack[0] ?? "in native code"}`} where consumer_group = ${group} and shard = ${shard} and position = ${from} and (failed_at is null or failed_at < started_at)`;
    else await sql`update consumer_checkpoints set suspect_to = greatest(suspect_to, ${to}) where consumer_group = ${group} and shard = ${shard} and fence = ${fence}`;
    const named = await sql<{ event: string; type: string }[]>`select id as event, type from events where shard = ${shard} and position between ${from} and ${to} order by position limit 20`;
    logger.error({ group, shard, single, events: named }, "under way when the thread was blocked");
    events.push(...named.map(({ event }) => event));
  }
  const [row] = await sql<{ id: bigint }[]>`
    insert into blocked_threads (process, running, stack, events) values (${processName}, ${JSON.stringify(about)}::text::jsonb, ${[...stack]}::text[], ${events}::text[]) returning id`;
  return row?.id;
}

async function goesOn(row: Promise<bigint | undefined>): Promise<void> {
  logger.warn("the thread goes on");
  await note(await row, "went-on");
}

let ending = false;
async function end(row: Promise<bigint | undefined> | undefined): Promise<void> {
  if (ending) return;
  ending = true;
  const id = await row;
  if (board.beats() !== beats) {
    ending = false;
    return;
  }
  logger.fatal({ endAfterMs }, "a handler has blocked the thread for too long: the process is ended");
  await note(id, "ended");
  process.kill(process.pid, "SIGKILL");
}

async function note(id: bigint | undefined, outcome: "went-on" | "ended"): Promise<void> {
  if (id === undefined || sql === undefined) return;
  await within(ANSWER_MS, sql`update blocked_threads set outcome = ${outcome}, ended_at = clock_timestamp() where id = ${id}`).catch(() => {});
}

/** Functions and files, the innermost first; empty when the thread does not come to run script. */
async function whereItStands(): Promise<readonly string[]> {
  const session = new Session();
  try {
    session.connectToMainThread();
    return await within(
      STACK_MS,
      new Promise<readonly string[]>((resolve) => {
        const scripts = new Map<string, string>();
        session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => void scripts.set(scriptId, url));
        session.on("Debugger.paused", ({ params }) => {
          resolve(params.callFrames.slice(0, FRAMES).map((frame) => inWords(frame, scripts)));
          session.post("Debugger.resume");
        });
        session.post("Debugger.enable");
        session.post("Debugger.pause");
      }),
    );
  } catch {
    return [];
  } finally {
    session.disconnect();
  }
}

function inWords({ functionName, location }: Debugger.CallFrame, scripts: ReadonlyMap<string, string>): string {
  const script = scripts.get(location.scriptId) ?? "";
  return `${functionName || "(nameless)"} ${script.split("/").slice(-3).join("/")}:${location.lineNumber + 1}`;
}
