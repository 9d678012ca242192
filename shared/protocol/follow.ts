import { later, reached, type Cursor } from "./cursor.ts";
import type { Down, SnapshotReason } from "./down.ts";

type FrameMessage = Extract<Down, { type: "frame" }>;

/**
 * What a screen keeps of its socket: pure, so that both clients and the tests follow the log by the same rules.
 * A new socket starts from `follow(cursor)` with the last cursor, or none before the first snapshot.
 */
export type Following = {
  /** What the screen's state holds; absent until the snapshot is there. */
  readonly cursor: Cursor | undefined;
  /** Where live frames began, known from `caughtUp`. */
  readonly liveFrom: Cursor | undefined;
  readonly seq: number | undefined;
};

export type Step =
  | { readonly do: "nothing" }
  | { readonly do: "apply"; readonly frame: FrameMessage }
  /** No snapshot yet: keep the frame and hand it to `joinSnapshot`. */
  | { readonly do: "keep"; readonly frame: FrameMessage }
  | { readonly do: "snapshot"; readonly reason: SnapshotReason }
  /** A frame is missing: close the socket and resume from the cursor. */
  | { readonly do: "reconnect" };

export function follow(cursor: Cursor | undefined): Following {
  return { cursor, liveFrom: undefined, seq: undefined };
}

export function receive(now: Following, message: Down): { readonly next: Following; readonly step: Step } {
  switch (message.type) {
    case "caughtUp":
      return nothing({ cursor: advanced(now.cursor, message.cursor), liveFrom: message.cursor, seq: message.seq });
    case "snapshotRequired":
      return { next: { ...now, cursor: undefined }, step: { do: "snapshot", reason: message.reason } };
    case "heartbeat":
      if (message.seq === undefined || message.cursor === undefined) return nothing(now);
      if (message.seq !== now.seq) return reconnect(now);
      return nothing({ ...now, cursor: advanced(now.cursor, message.cursor) });
    case "frame":
      return receiveFrame(now, message);
    default:
      return nothing(now);
  }
}

function receiveFrame(now: Following, frame: FrameMessage): { next: Following; step: Step } {
  if (frame.seq !== undefined && (now.seq === undefined || frame.seq !== now.seq + 1)) return reconnect(now);
  const next = frame.seq === undefined ? now : { ...now, seq: frame.seq };
  if (next.cursor === undefined) return { next, step: { do: "keep", frame } };
  if (isKnown(next.cursor, frame)) return nothing(next);
  return { next: { ...next, cursor: withFrame(next.cursor, frame) }, step: { do: "apply", frame } };
}

/**
 * A snapshot came: which of the kept frames are to be applied, and the cursor after them.
 * Undefined when the snapshot is older than the first live frame could be: reconnect with the snapshot's own cursor.
 */
export function joinSnapshot(
  now: Following,
  snapshot: Cursor,
  kept: readonly FrameMessage[],
): { readonly next: Following; readonly apply: readonly FrameMessage[] } | undefined {
  const { liveFrom } = now;
  if (liveFrom === undefined || liveFrom.epoch !== snapshot.epoch) return undefined;
  for (const [shard, from] of Object.entries(liveFrom.positions)) {
    const have = snapshot.positions[shard];
    if (have === undefined || !reached(from, have)) return undefined;
  }
  let cursor = snapshot;
  const apply: FrameMessage[] = [];
  for (const frame of kept) {
    if (isKnown(cursor, frame)) continue;
    apply.push(frame);
    cursor = withFrame(cursor, frame);
  }
  return { next: { ...now, cursor }, apply };
}

/** RT-2: what is at or below the cursor is dropped. */
function isKnown(cursor: Cursor, frame: FrameMessage): boolean {
  const have = cursor.positions[String(frame.shard)];
  return have !== undefined && reached(frame.to, have);
}

function withFrame(cursor: Cursor, frame: FrameMessage): Cursor {
  return { ...cursor, positions: { ...cursor.positions, [String(frame.shard)]: frame.to } };
}

function advanced(mine: Cursor | undefined, told: Cursor): Cursor | undefined {
  if (mine === undefined || mine.epoch !== told.epoch) return mine;
  const positions = { ...mine.positions };
  for (const [shard, at] of Object.entries(told.positions)) positions[shard] = later(positions[shard] ?? "0", at);
  return { ...mine, positions };
}

function nothing(next: Following): { next: Following; step: Step } {
  return { next, step: { do: "nothing" } };
}

function reconnect(next: Following): { next: Following; step: Step } {
  return { next, step: { do: "reconnect" } };
}
