import { Deliveries, type DeliveryLimits } from "./deliveries.ts";
import { encodeRest, withSeq, type RoomFrame, type TopicBits } from "./frames.ts";
import type { SocketSession } from "./types.ts";

/**
 * All live sockets of one merchant that see the same topics. One uWS topic each: a frame is encoded once for all of
 * them, arrives whole, and the stream is numbered so that a reader can tell that nothing is missing.
 */
export type Audience = {
  readonly key: string;
  readonly organizerId: string;
  readonly merchantId: string;
  readonly topics: TopicBits;
  readonly deliveries: Deliveries;
  /** Of the last frame published. */
  seq: number;
  members: number;
};

export type Audiences = ReturnType<typeof createAudiences>;

export function createAudiences(publish: (topic: string, message: string) => void, limits: DeliveryLimits) {
  const byKey = new Map<string, Audience>();
  const byMerchant = new Map<string, Set<Audience>>();
  const byOrganizer = new Map<string, Set<Audience>>();

  return {
    all: (): Iterable<Audience> => byKey.values(),

    size: () => byKey.size,

    /** Every join has its leave. What was published before is with the others then. */
    join(session: SocketSession, topics: TopicBits): Audience {
      const { organizerId, merchantId } = session;
      const key = `${merchantId}/${topics.toString(36)}`;
      let audience = byKey.get(key);
      if (audience === undefined) {
        audience = { key, organizerId, merchantId, topics, deliveries: new Deliveries((message) => publish(key, message), limits), seq: 0, members: 0 };
        byKey.set(key, audience);
        addTo(byMerchant, merchantId, audience);
        addTo(byOrganizer, organizerId, audience);
      }
      audience.deliveries.flush();
      audience.members++;
      return audience;
    },

    leave(audience: Audience): void {
      if (--audience.members > 0) return;
      audience.deliveries.flush();
      byKey.delete(audience.key);
      removeFrom(byMerchant, audience.merchantId, audience);
      removeFrom(byOrganizer, audience.organizerId, audience);
    },

    /** To those in the room of the frame's owner who may see something of it. How many audiences that were. */
    publish(frame: RoomFrame): number {
      const { organizerId, merchantId } = frame.owner;
      const reached = merchantId === undefined ? byOrganizer.get(organizerId) : byMerchant.get(merchantId);
      if (reached === undefined) return 0;
      const encoded = new Map<TopicBits, string>();
      let count = 0;
      for (const audience of reached) {
        const visible = audience.topics & frame.topics;
        const rest = encoded.get(visible) ?? encodeRest(frame, visible);
        if (rest === undefined) continue;
        encoded.set(visible, rest);
        audience.deliveries.add(withSeq(rest, ++audience.seq), audience.members);
        count++;
      }
      return count;
    },
  };
}

function addTo(map: Map<string, Set<Audience>>, key: string, audience: Audience): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([audience]));
  else set.add(audience);
}

function removeFrom(map: Map<string, Set<Audience>>, key: string, audience: Audience): void {
  const set = map.get(key);
  set?.delete(audience);
  if (set?.size === 0) map.delete(key);
}
