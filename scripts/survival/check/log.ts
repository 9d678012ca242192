import { isDeepStrictEqual } from "node:util";
import type { TransactionSql } from "#hub/db/client.ts";
import { loadRefs } from "#hub/commands/load.ts";
import { isCommutative, stateFrom } from "#hub/log/states.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import type { Device, Sent } from "../device.ts";
import { compareCounts, grouped, plain, repeated, type Finding, type History } from "./history.ts";

/** LOG-1: gapless positions, stream versions without a hole, ids and times as they must be. */
export function checkPositions({ all, misfits }: History): Finding[] {
  const findings = [...misfits, ...repeated("event id", all.map(({ event }) => event.id))];
  const heads = new Map<number, { position: bigint; time: string }>();
  const versions = new Map<string, number>();
  for (const { shard, position, event } of all) {
    const head = heads.get(shard) ?? { position: 0n, time: "" };
    if (position !== head.position + 1n) findings.push(`shard ${shard}: position ${position} follows ${head.position}`);
    if (event.position !== String(position)) findings.push(`shard ${shard}: the envelope at ${position} says ${event.position}`);
    if (event.time < head.time) findings.push(`shard ${shard}: the time at ${position} goes back`);
    heads.set(shard, { position, time: event.time });
    const version = versions.get(event.subject) ?? 0;
    if (event.streamversion !== version + 1) findings.push(`${event.subject}: version ${event.streamversion} follows ${version}`);
    versions.set(event.subject, event.streamversion);
  }
  return findings;
}

type CommandRow = { command_id: string; shard: number; from_position: bigint | null; to_position: bigint | null; answer: string };

/** LOG-3, LOG-4: what was answered is in the log once and whole, with that answer; a refusal wrote nothing; nobody else's tap is there. */
export async function checkCommands(tx: TransactionSql, { all }: History, devices: readonly Device[]): Promise<Finding[]> {
  const rows = await tx<CommandRow[]>`select command_id, shard, from_position, to_position, answer from commands`;
  const byId = new Map(rows.map((row) => [row.command_id, row]));
  const events = grouped(all, ({ commandId }) => commandId);
  const sent = devices.flatMap((device) => device.sent);
  const findings = sent.flatMap((command) => {
    const places = (events.get(command.commandId) ?? []).map(({ shard, position }) => `${shard}/${position}`);
    return checkAnswer(command, byId.get(command.commandId), places).map((wrong) => `${command.type} ${command.commandId} ${wrong}`);
  });
  const known = new Set(sent.map(({ commandId }) => commandId));
  for (const { event } of all) {
    const fromPerson = /^(staff|device):/.test(event.actor) && event.type !== "identity.device.paired";
    if (fromPerson && !known.has(event.commandid)) findings.push(`${event.type} ${event.id} comes from command ${event.commandid}, which nobody gave`);
  }
  return findings;
}

function checkAnswer({ answer }: Sent, row: CommandRow | undefined, places: readonly string[]): Finding[] {
  if (answer === undefined) return ["has no answer"];
  if (row === undefined) return ["was answered and is not in the log"];
  const stored = JSON.parse(row.answer) as { ok: boolean };
  const { at = null, ...said } = answer.ok ? answer : { ...answer, at: null };
  const findings: Finding[] = [];
  if (!isDeepStrictEqual(stored, plain(said))) findings.push(`was answered ${JSON.stringify(said)}, the log says ${row.answer}`);
  const { from_position: from, to_position: to } = row;
  const inLog = from === null || to === null ? null : { shard: row.shard, from: String(from), to: String(to) };
  if (!isDeepStrictEqual(at, inLog)) findings.push(`was answered to be at ${JSON.stringify(at)}, the log says ${JSON.stringify(inLog)}`);
  if (!stored.ok && places.length > 0) findings.push(`was refused and wrote ${places.length} events`);
  const expected = from === null || to === null ? [] : Array.from({ length: Number(to - from) + 1 }, (_, i) => `${row.shard}/${from + BigInt(i)}`);
  return [...findings, ...compareCounts("its event", expected, places)];
}

/** Each item was entered once and each payment taken once, by the command that was answered so. */
export function checkEntries(history: History, devices: readonly Device[]): Finding[] {
  const done = devices.flatMap(({ sent }) => sent.filter(({ answer }) => answer?.ok === true));
  const items = done.filter(({ type }) => type === "order.addItems").flatMap(({ commandId, input }) => (input as CommandInput<"order.addItems">).items.map(({ item }) => `${item} by ${commandId}`));
  const payments = done.filter(({ type }) => type === "payment.takeCash" || type === "payment.startAttempt").map(({ commandId, input }) => `${(input as CommandInput<"payment.takeCash" | "payment.startAttempt">).payment} by ${commandId}`);
  return [
    ...compareCounts("item", items, history.of("sale.order.itemsAdded").flatMap(({ data, commandid }) => data.items.map(({ item }) => `${item} by ${commandid}`))),
    ...compareCounts("payment", payments, history.of("payment.transaction.created").map(({ subject, commandid }) => `${subject} by ${commandid}`)),
  ];
}

/** What names nothing new that would refuse the second: the command, what it is about, and what it writes. */
const ASKED = [
  ["check.present", "check", "sale.check.presented"],
  ["check.printReceipt", "check", "sale.check.receiptRequested"],
  ["check.close", "check", "sale.check.closed"],
  ["order.send", "order", "sale.order.sent"],
  ["order.fireCourse", "order", "sale.order.courseFired"],
  ["cash.printReport", "report", "cash.report.printRequested"],
  ["printing.reprint", "job", "printing.job.reprintRequested"],
] as const;

/** LOG-4: done as often as people asked and were told that it was done, by whichever command. */
export function checkAsked(history: History, devices: readonly Device[]): Finding[] {
  const done = devices.flatMap(({ sent }) => sent.filter(({ answer }) => answer?.ok === true && answer.at !== null));
  const about = ASKED.flatMap(([command, field]) => done.filter(({ type }) => type === command).map(({ input }) => `${command} of ${(input as Readonly<Record<string, string>>)[field]}`));
  return compareCounts("what was asked for", about, ASKED.flatMap(([command, , type]) => history.of(type).map(({ subject }) => `${command} of ${subject}`)));
}

/** LOG-5: what is stored of a stream is what its events fold into. */
export async function checkStoredStates(tx: TransactionSql, { states }: History): Promise<Finding[]> {
  const rows = await tx<{ stream: string }[]>`select stream from aggregates`;
  const findings = compareCounts("stored state", states.keys(), rows.map(({ stream }) => stream));
  const folded = [...states].filter(([, { kind }]) => !isCommutative(kind));
  const stored = await loadRefs(tx, folded.map(([stream, { kind }]) => ({ stream, kind })));
  for (const [i, [stream, { kind, version, state }]] of folded.entries()) {
    const loaded = stored[i];
    const known = loaded === undefined ? { version: 0, state: undefined } : stateFrom(kind, loaded);
    if (known.version !== version) findings.push(`${stream} is stored at version ${known.version} and has ${version} events`);
    else if (!isDeepStrictEqual(known.state, plain(state))) findings.push(`${stream} is stored as ${JSON.stringify(known.state)}, its events say ${JSON.stringify(state)}`);
  }
  return findings;
}

/** DOM-19: what is left of a counted product is what was set, less what sends took, plus what was given back. */
export async function checkCountdowns(tx: TransactionSql, history: History): Promise<Finding[]> {
  const left = new Map<string, string | null>();
  for (const { kind, state } of history.states.values()) {
    if (kind === "countdown" && "remaining" in state) left.set(state.product, state.remaining);
  }
  const rows = await tx<{ product: string; remaining: string | null }[]>`select product, trim_scale(remaining)::text as remaining from countdowns`;
  const counted = rows.map(({ product, remaining }) => `${product} ${remaining}`);
  return compareCounts("portions left", [...left].map(([product, remaining]) => `${product} ${remaining}`), counted);
}
