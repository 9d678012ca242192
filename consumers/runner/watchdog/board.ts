import type { Running } from "../ports.ts";

/** More handlers at a time than these are not told of. */
const SLOTS = 160;
const SLOT_BYTES = 160;
const HEAD_BYTES = 4;

/** What two threads share: the beats of the one, and which of its handlers are under way. Read by the other while the first does nothing else. */
export type Board = {
  readonly memory: SharedArrayBuffer;
  beat(): void;
  beats(): number;
  /** Answers what ends the entry. */
  enter(running: Running): () => void;
  running(): readonly Running[];
};

export function boardOver(memory = new SharedArrayBuffer(HEAD_BYTES + SLOTS * SLOT_BYTES)): Board {
  const head = new Int32Array(memory, 0, 1);
  const slots = Array.from({ length: SLOTS }, (_, i) => new Uint8Array(memory, HEAD_BYTES + i * SLOT_BYTES, SLOT_BYTES));
  const free = slots.map((_, i) => SLOTS - 1 - i);
  const encoder = new TextEncoder();

  return {
    memory,
    beat: () => void Atomics.add(head, 0, 1),
    beats: () => Atomics.load(head, 0),
    enter({ group, shard, fence, from, to, single }) {
      const nr = free.pop();
      const slot = nr === undefined ? undefined : slots[nr];
      if (nr === undefined || slot === undefined) return () => {};
      const { written } = encoder.encodeInto(JSON.stringify([group, shard, fence.toString(), from.toString(), to.toString(), single]), slot.subarray(1));
      slot[0] = written;
      return () => {
        slot[0] = 0;
        free.push(nr);
      };
    },
    running: () =>
      slots.flatMap((slot) => {
        const length = slot[0] ?? 0;
        if (length === 0) return [];
        // What is shared cannot be decoded in its place.
        const [group, shard, fence, from, to, single] = JSON.parse(new TextDecoder().decode(slot.slice(1, 1 + length))) as [string, number, string, string, string, boolean];
        return [{ group, shard, fence: BigInt(fence), from: BigInt(from), to: BigInt(to), single }];
      }),
  };
}
