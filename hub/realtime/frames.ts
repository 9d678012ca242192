import { headOf } from "#hub/log/event-head.ts";
import type { Frame } from "#hub/log/feed-shard.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import { topicOf, TOPICS } from "#shared/protocol/topics.ts";
import type { Owner } from "./types.ts";

/** A frame made ready: its owner, and each event's text with the bit of its topic. */
export type RoomFrame = {
  readonly owner: Owner;
  readonly shard: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly commandId: string;
  readonly at: string;
  readonly events: readonly { readonly bit: number; readonly text: string }[];
  /** The bits of all its events. */
  readonly topics: number;
  readonly size: number;
};

/** A set of topics as bits, by their place in TOPICS. */
export type TopicBits = number;

const bitByName: ReadonlyMap<string, TopicBits> = new Map(TOPICS.map((topic, place) => [topic.name, 1 << place]));
const bitByType = new Map<string, TopicBits>();

/** 0 for a type without a topic: nobody sees it. */
export function bitOfType(eventType: string): TopicBits {
  let bit = bitByType.get(eventType);
  if (bit === undefined) {
    const topic = topicOf(eventType);
    bit = topic === undefined ? 0 : (bitByName.get(topic.name) ?? 0);
    bitByType.set(eventType, bit);
  }
  return bit;
}

export function bitOfTopic(name: string): TopicBits | undefined {
  return bitByName.get(name);
}

export function topicNames(bits: TopicBits): readonly string[] {
  return TOPICS.filter((_, place) => (bits & (1 << place)) !== 0).map((topic) => topic.name);
}

export function readFrame(frame: Frame): RoomFrame {
  let owner: Owner | undefined;
  let at = "";
  let topics = 0;
  let size = 0;
  const events = frame.events.map((event) => {
    const { type, time, organizerid, merchantid } = headOf(event);
    owner ??= merchantid === undefined ? { organizerId: organizerid } : { organizerId: organizerid, merchantId: merchantid };
    at = time;
    const bit = bitOfType(type);
    topics |= bit;
    size += event.text.length;
    return { bit, text: event.text };
  });
  if (owner === undefined) throw new Error(`frame ${frame.shard}:${frame.from} has no events`);
  return { owner, shard: frame.shard, from: frame.from, to: frame.to, commandId: frame.commandId, at, events, topics, size };
}

/** RT-2: what one command wrote is one frame. */
export function framesOf(events: readonly StoredEvent[]): readonly Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start < events.length; ) {
    const first = events[start] as StoredEvent;
    let end = start + 1;
    while (events[end]?.commandId === first.commandId && events[end]?.shard === first.shard) end++;
    const of = events.slice(start, end);
    frames.push({ shard: first.shard, from: first.position, to: (of.at(-1) ?? first).position, commandId: first.commandId, events: of });
    start = end;
  }
  return frames;
}

/** The frame as a reader of these topics gets it, but for its `seq`; undefined when nothing of it is for them. */
export function encodeRest(frame: RoomFrame, topics: TopicBits): string | undefined {
  if ((frame.topics & topics) === 0) return undefined;
  const visible = frame.events.filter((event) => (event.bit & topics) !== 0).map((event) => event.text);
  // The envelopes are stored as text, byte for byte what was published (LOG-6): they are joined, not encoded again.
  return `"shard":${frame.shard},"from":"${frame.from}","to":"${frame.to}","commandId":"${frame.commandId}","at":"${frame.at}","events":[${visible.join(",")}]}`;
}

export function withSeq(rest: string, seq: number): string {
  return `{"type":"frame","seq":${seq},${rest}`;
}

export function withoutSeq(rest: string): string {
  return `{"type":"frame",${rest}`;
}
