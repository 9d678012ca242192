import type { RoomFrame } from "./frames.ts";

export type RingLimits = { readonly frames: number; readonly bytes: number };

/** An owner's last frames on its shard, whole from a known position on. */
export type Ring = {
  push(frame: RoomFrame): void;
  /** Frames that end after the position, in order; undefined when some of them are no longer here. */
  since(position: bigint): readonly RoomFrame[] | undefined;
};

/** `after`: the position up to which the feed had come when the ring was made. */
export function createRing(after: bigint, limits: RingLimits): Ring {
  let complete = after;
  let frames: RoomFrame[] = [];
  let first = 0;
  let bytes = 0;
  return {
    push(frame) {
      frames.push(frame);
      bytes += frame.size;
      while (frames.length - first > limits.frames || (bytes > limits.bytes && frames.length - first > 1)) {
        const gone = frames[first++] as RoomFrame;
        complete = gone.to;
        bytes -= gone.size;
      }
      if (first > limits.frames) {
        frames = frames.slice(first);
        first = 0;
      }
    },
    since(position) {
      if (position < complete) return undefined;
      let low = first;
      let high = frames.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((frames[middle] as RoomFrame).to <= position) low = middle + 1;
        else high = middle;
      }
      return frames.slice(low);
    },
  };
}
