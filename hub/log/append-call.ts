import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { spliceEnvelope, type EncodedCommand, type EncodedEvent } from "./encode.ts";
import type { EventHead } from "./event-head.ts";
import type { Appended, AppendOutcome, StoredEvent } from "./types.ts";

/** What became of one command of a batch; the first two are settled by the lane and never leave it. */
export type CallOutcome =
  | { readonly outcome: "busy" }
  | { readonly outcome: "newer-state"; readonly stream: string }
  | AppendedHere
  | Exclude<AppendOutcome, { outcome: "unavailable" | "appended" }>;

/** `time`: when its events were recorded, as in their envelopes. */
type AppendedHere = Appended & { readonly time: string };

/**
 * A column of texts is sent as one text, since quoting an array's elements cost a third of the hub's time. Neither of
 * the two can be in JSON, and the door refuses them, and empty texts, in names (LOG-3).
 */
const SEPARATOR = "\u001f";
const NULL = "\u001e";

type Row = {
  outcome: string[];
  from_position: bigint[];
  recorded: string[];
  detail: string[];
  base: bigint[];
};

/**
 * Calls log_append once. No two commands of the batch may share a key. The statement is its own transaction unless
 * `sql` is one; postgres.js resolves when the server is ready again, which is after the commit.
 */
export async function callAppend(
  sql: Sql | TransactionSql,
  batch: readonly EncodedCommand[],
  options: { readonly wait: boolean },
): Promise<CallOutcome[]> {
  const c = columns(batch);
  const t = (column: readonly (string | null)[]) => sql`string_to_array(${joined(column)}, ${SEPARATOR}, ${NULL})`;
  const [row] = await sql<Row[]>`select * from log_append(
    ${options.wait}, ${list(c.shards)},
    ${t(c.id)}, ${t(c.hash)}, ${t(c.organizer)}, ${t(c.merchant)}, ${list(c.shard)}, ${list(c.events)}, ${t(c.answer)},
    ${list(c.s.command)}, ${t(c.s.stream)}, ${t(c.s.kind)}, ${list(c.s.expected)}, ${list(c.s.events)},
    ${list(c.s.evolve)}, ${list(c.s.active)}, ${t(c.s.head)},
    ${list(c.a.command)}, ${t(c.a.stream)}, ${t(c.a.part)}, ${t(c.a.doc)},
    ${list(c.e.command)}, ${list(c.e.change)}, ${list(c.e.nth)}, ${list(c.e.step)},
    ${t(c.e.stream)}, ${t(c.e.id)}, ${t(c.e.type)}, ${t(c.e.rest)},
    ${list(c.n.command)}, ${t(c.n.product)}, ${t(c.n.op)}, ${t(c.n.amount)}::numeric[])`;
  if (row === undefined) throw new Error("log_append answered nothing");
  let change = 0;
  return batch.map((encoded, i) => {
    const bases = row.base.slice(change, change + encoded.changes.length);
    change += encoded.changes.length;
    return decode(encoded, row, i, bases);
  });
}

/** The command's events as every reader gets them, with what is known here without reading their text. */
export function storedEvents({ command, events, changes }: EncodedCommand, outcome: AppendedHere): StoredEvent[] {
  const { from, shard, time } = outcome;
  if (from === undefined) return [];
  const { commandId, organizerId, merchantId } = command;
  return outcome.events.map((text, i) => {
    const event = events[i] as EncodedEvent;
    const { stream, events: steps } = (changes[event.change] as EncodedCommand["changes"][number]).change;
    const streamversion = (outcome.versions.get(stream) ?? 0) - steps.length + event.step;
    const head: EventHead = { type: event.type, subject: stream, streamversion, time, organizerid: organizerId, ...(merchantId === undefined ? {} : { merchantid: merchantId }) };
    return { shard, position: from + BigInt(i), commandId, text, head };
  });
}

function columns(batch: readonly EncodedCommand[]) {
  const s = { command: [] as number[], stream: [] as string[], kind: [] as string[], expected: [] as number[], events: [] as number[],
    evolve: [] as number[], active: [] as number[], head: [] as (string | null)[] };
  const a = { command: [] as number[], stream: [] as string[], part: [] as string[], doc: [] as (string | null)[] };
  const e = { command: [] as number[], change: [] as number[], nth: [] as number[], step: [] as number[], stream: [] as string[],
    id: [] as string[], type: [] as string[], rest: [] as string[] };
  const n = { command: [] as number[], product: [] as string[], op: [] as string[], amount: [] as (string | null)[] };
  for (const [i, { changes, parts, events, counts }] of batch.entries()) {
    const command = i + 1;
    const changesBefore = s.command.length;
    for (const { change, head } of changes) {
      s.command.push(command);
      s.stream.push(change.stream);
      s.kind.push(change.kind);
      s.expected.push(change.expected === "any" ? -1 : change.expected);
      s.events.push(change.events.length);
      s.evolve.push(change.state?.evolveVersion ?? 0);
      s.active.push(change.state?.active === true ? 1 : 0);
      s.head.push(head);
    }
    for (const { stream, part, doc } of parts) {
      a.command.push(command);
      a.stream.push(stream);
      a.part.push(part);
      a.doc.push(doc);
    }
    for (const [nth, event] of events.entries()) {
      e.command.push(command);
      e.change.push(changesBefore + event.change + 1);
      e.nth.push(nth + 1);
      e.step.push(event.step);
      e.stream.push(event.stream);
      e.id.push(event.id);
      e.type.push(event.type);
      e.rest.push(event.rest);
    }
    for (const { product, op, amount } of counts) {
      n.command.push(command);
      n.product.push(product);
      n.op.push(op);
      n.amount.push(amount);
    }
  }
  return {
    id: batch.map(({ command }) => command.commandId),
    hash: batch.map(({ command }) => command.hash),
    organizer: batch.map(({ command }) => command.organizerId),
    merchant: batch.map(({ command }) => command.merchantId ?? null),
    shards: [...new Set(batch.map(({ shard }) => shard))].sort((x, y) => x - y),
    shard: batch.map(({ shard }) => shard),
    events: batch.map(({ events }) => events.length),
    answer: batch.map(({ command }) => command.answer),
    s,
    a,
    e,
    n,
  };
}

function joined(column: readonly (string | null)[]): string {
  return column.map((text) => text ?? NULL).join(SEPARATOR);
}

function list(column: readonly number[]): string {
  return `{${column.join(",")}}`;
}

function decode(encoded: EncodedCommand, row: Row, i: number, bases: readonly bigint[]): CallOutcome {
  const outcome = row.outcome[i];
  const detail: unknown = JSON.parse(row.detail[i] || "null");
  switch (outcome) {
    case "appended":
      return appended(encoded, row.from_position[i] ?? 0n, row.recorded[i] ?? "", bases, detail as [string, string | null][] | null);
    case "repeat": {
      const first = detail as { answer: string; shard: number; from: string | null; to: string | null };
      return {
        outcome,
        answer: first.answer,
        shard: first.shard,
        ...(first.from === null || first.to === null ? {} : { from: BigInt(first.from), to: BigInt(first.to) }),
      };
    }
    case "conflict":
      return { outcome, streams: (detail as [string, number][]).map(([stream, version]) => ({ stream, version })) };
    case "shortage":
      return { outcome, short: (detail as [string, string][]).map(([product, available]) => ({ product, available })) };
    case "foreign-stream":
    case "newer-state":
      return { outcome, stream: detail as string };
    case "busy":
    case "too-old":
    case "reused-id":
      return { outcome };
    default:
      throw new Error(`log_append answered ${outcome}`);
  }
}

function appended(
  encoded: EncodedCommand,
  from: bigint,
  time: string,
  bases: readonly bigint[],
  remaining: [string, string | null][] | null,
): CallOutcome {
  const events = encoded.events.map((event, nth) =>
    spliceEnvelope(from + BigInt(nth), time, (bases[event.change] ?? 0n) + BigInt(event.step), event.rest),
  );
  const versions = encoded.changes.map(({ change }, i) => [change.stream, Number(bases[i] ?? 0n) + change.events.length] as const);
  return {
    outcome: "appended",
    shard: encoded.shard,
    time,
    ...(events.length === 0 ? {} : { from, to: from + BigInt(events.length - 1) }),
    events,
    versions: new Map(versions),
    remaining: new Map(remaining ?? []),
  };
}
