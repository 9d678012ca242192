import type { Envelope } from "#shared/events/envelope.ts";
import { ULID_PATTERN } from "#shared/ids.ts";
import { shardOf } from "#shared/shards.ts";
import type { AppendCommand, CountChange, DraftEvent, StreamChange } from "./types.ts";
import { isJsonText, isName, requireWellFormed, wellFormedJson } from "./well-formed.ts";

/** A command that no writer of ours should make: a bug, not an outcome. */
export class InvalidCommand extends Error {
  override readonly name = "InvalidCommand";
}

export type EncodedEvent = {
  /** Index of its change in the command. */
  readonly change: number;
  /** From 1, in the change. */
  readonly step: number;
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  /** The envelope's text after position, time and stream version. */
  readonly rest: string;
};

export type EncodedCommand = {
  readonly command: AppendCommand;
  readonly shard: number;
  /** A batch holds one command for each of these (LOG-2). */
  readonly keys: readonly string[];
  /** Streams that are only guarded: a batch holds any number of commands that read one, or one that writes it. */
  readonly readKeys: readonly string[];
  readonly changes: readonly { readonly change: StreamChange; readonly head: string | null }[];
  readonly parts: readonly { readonly stream: string; readonly part: string; readonly doc: string | null }[];
  readonly events: readonly EncodedEvent[];
  readonly counts: readonly { readonly product: string; readonly op: "take" | "give" | "set"; readonly amount: string | null }[];
  /** About how many characters are sent for it. */
  readonly size: number;
};

const HASH = /^[0-9a-f]{64}$/;
const DECIMAL = /^\d{1,20}(\.\d{1,12})?$/;

/** Checks what the database would choke on and turns the command into text once, however often it is sent. */
export function encodeCommand(command: AppendCommand): EncodedCommand {
  requireShape(command);
  const changes = command.changes.map((change) => ({
    change,
    head: change.state === undefined ? null : wellFormedJson(`state of ${change.stream}`, change.state.head),
  }));
  const parts = command.changes.flatMap(({ stream, state }) =>
    [...(state?.parts ?? [])].map(([part, doc]) => ({
      stream,
      part: name(command, part),
      doc: doc === null ? null : wellFormedJson(`part ${part} of ${stream}`, doc),
    })),
  );
  const events = command.changes.flatMap((change, index) =>
    change.events.map((event, step) => encodeEvent(command, change.stream, event, index, step + 1)),
  );
  const counts = command.counts.map(encodeCount);
  let size = command.answer.length + 200;
  for (const { head } of changes) size += 120 + (head?.length ?? 0);
  for (const { doc } of parts) size += 80 + (doc?.length ?? 0);
  for (const { rest } of events) size += 120 + rest.length;
  return {
    command,
    shard: shardOf(ownerOf(command)),
    keys: [...command.changes.filter((change) => !isGuard(change)).map(({ stream }) => stream), ...new Set(counts.map(({ product }) => `count of ${product}`))],
    readKeys: command.changes.filter(isGuard).map(({ stream }) => stream),
    changes,
    parts,
    events,
    counts,
    size,
  };
}

function isGuard({ events, state }: StreamChange): boolean {
  return events.length === 0 && state === undefined;
}

export function ownerOf(command: { readonly organizerId: string; readonly merchantId?: string }): string {
  return command.merchantId ?? command.organizerId;
}

/** The twin of what log_append writes: the same bytes, made of what it answers. */
export function spliceEnvelope(position: bigint, time: string, streamVersion: bigint, rest: string): string {
  return `{"position":"${position}","time":"${time}","streamversion":${streamVersion},${rest}`;
}

function encodeEvent(command: AppendCommand, stream: string, event: DraftEvent, change: number, step: number): EncodedEvent {
  const envelope: Omit<Envelope, "position" | "time" | "streamversion"> = {
    specversion: "1.0",
    type: event.type,
    source: command.source,
    id: event.id,
    datacontenttype: "application/json",
    subject: stream,
    data: event.data,
    organizerid: command.organizerId,
    ...(command.merchantId === undefined ? {} : { merchantid: command.merchantId }),
    occurredat: event.occurredat,
    ...(event.businessdate === undefined ? {} : { businessdate: event.businessdate }),
    commandid: command.commandId,
    correlationid: command.correlationId,
    ...(command.causationId === undefined ? {} : { causationid: command.causationId }),
    actor: command.actor,
    ...command.door,
    ...(command.traceparent === undefined ? {} : { traceparent: command.traceparent }),
    dataversion: event.dataversion,
  };
  const rest = wellFormedJson(event.type, envelope).slice(1);
  return { change, step, stream, id: event.id, type: event.type, rest };
}

function encodeCount(count: CountChange): EncodedCommand["counts"][number] {
  const { product } = count;
  if ("set" in count) return { product, op: "set", amount: count.set === null ? null : decimal(product, count.set) };
  if ("take" in count) return { product, op: "take", amount: decimal(product, count.take) };
  return { product, op: "give", amount: decimal(product, count.giveBack) };
}

function decimal(product: string, amount: string): string {
  if (!DECIMAL.test(amount)) throw new InvalidCommand(`the count of ${product} is not a decimal number: ${amount}`);
  return amount;
}

function name({ commandId }: AppendCommand, text: string): string {
  requireWellFormed("name", text);
  if (!isName(text)) throw new InvalidCommand(`${commandId}: ${JSON.stringify(text)} cannot be a name`);
  return text;
}

function requireShape(command: AppendCommand): void {
  const { commandId } = command;
  if (!ULID_PATTERN.test(commandId)) throw new InvalidCommand(`the command's id is not a ULID: ${commandId}`);
  if (!HASH.test(command.hash)) throw new InvalidCommand(`${commandId}: the hash is not a SHA-256 in hex`);
  name(command, command.organizerId);
  if (command.merchantId !== undefined) name(command, command.merchantId);
  if (!isJsonText(command.answer)) throw new InvalidCommand(`${commandId}: the answer is no JSON text`);
  if (command.counts.length > 0 && command.merchantId === undefined) {
    throw new InvalidCommand(`${commandId}: only a merchant counts products`);
  }
  requireWellFormed("answer", command.answer);
  const streams = new Set<string>();
  for (const { stream, kind, expected, events, state } of command.changes) {
    if (streams.has(name(command, stream))) throw new InvalidCommand(`${commandId}: ${stream} is named twice`);
    streams.add(stream);
    name(command, kind);
    if (expected !== "any" && !(Number.isSafeInteger(expected) && expected >= 0)) {
      throw new InvalidCommand(`${commandId}: ${stream} cannot be at version ${expected}`);
    }
    if (expected === "any" && state !== undefined) throw new InvalidCommand(`${commandId}: ${stream} has a state but no expected version`);
    for (const event of events) name(command, name(command, event.id) && event.type);
  }
  requireCounts(command);
}

function requireCounts(command: AppendCommand): void {
  const { commandId, counts } = command;
  const replaced = new Set<string>();
  const products = new Set<string>();
  for (const count of counts) {
    name(command, count.product);
    if ("set" in count) {
      if (products.has(count.product)) throw new InvalidCommand(`${commandId}: ${count.product} is set and counted at once`);
      replaced.add(count.product);
    } else if (replaced.has(count.product)) {
      throw new InvalidCommand(`${commandId}: ${count.product} is set and counted at once`);
    }
    products.add(count.product);
  }
}
