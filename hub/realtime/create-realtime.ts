import type { Cursor } from "#hub/log/feed.ts";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import type { Frame } from "#hub/log/feed-shard.ts";
import type { Upgrade } from "#hub/transport/socket.ts";
import type { HttpServer } from "#hub/transport/http-server.ts";
import { shardOf } from "#shared/shards.ts";
import type { Down } from "#shared/protocol/down.ts";
import { createAudiences, type Audience } from "./audiences.ts";
import { createGate } from "./catch-up.ts";
import { Connection, type ConnectionHost } from "./connection.ts";
import { createFedLog } from "./fed-log.ts";
import { REALTIME_LIMITS, type RealtimeLimits } from "./limits.ts";
import { createSharedReads } from "./shared-reads.ts";
import type { Authenticate, EventIndex, SocketSession } from "./types.ts";

export type RealtimeOptions = {
  readonly server: Pick<HttpServer, "webSocket" | "publish">;
  /** Where the feed starts; the same that it is given. */
  readonly from: Cursor;
  readonly authenticate: Authenticate;
  readonly index: EventIndex;
  /** Besides the hub's own: `https://pos.example.com`. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<RealtimeLimits>;
  now?(): number;
  onError(error: unknown): void;
};

export type SessionMatch = { readonly sessionId: string } | { readonly deviceId: string } | { readonly staffId: string };

export type Realtime = ReturnType<typeof createRealtime>;

/** Adds `/ws` to the server. `onFrame` and `startEpoch` are the log's feed's to call. */
export function createRealtime(options: RealtimeOptions) {
  const now = options.now ?? Date.now;
  const limits: RealtimeLimits = { ...REALTIME_LIMITS, ...options.limits };
  const log = createFedLog({ from: options.from, ring: limits.ring, keepRingMs: limits.keepRingMs });
  const audiences = createAudiences(options.server.publish, limits);
  const connections = new Set<Connection>();
  const ended: { readonly match: SessionMatch; readonly at: number }[] = [];
  const counts = { frames: 0, published: 0, holes: 0, refused: 0, snapshots: 0, resumed: 0, slow: 0 };

  const gate = createGate(limits.indexReads, limits.waitingReads);
  let turnedAway = 0;

  const host: ConnectionHost = {
    limits,
    audiences,
    catchUp: { log, reads: createSharedReads({ log, index: options.index, maxEvents: limits.maxResumeEvents, gate: (ask) => gate.ask(ask) }) },
    authenticate: options.authenticate,
    now,
    onError: options.onError,
    onSession(connection) {
      const { session } = connection;
      if (session === undefined || ended.some(({ match, at }) => at >= connection.askedAt && matches(session, match))) return false;
      const same = [...connections].filter((other) => other.session?.deviceId === session.deviceId);
      for (const oldest of same.slice(0, Math.max(0, same.length - limits.socketsPerDevice))) oldest.bye("replaced");
      return true;
    },
    onClosed: (connection) => connections.delete(connection),
    count: (what) => counts[what]++,
  };

  options.server.webSocket<Connection>("/ws", {
    maxPayloadBytes: limits.payloadBytes,
    maxBufferedBytes: limits.bufferedBytes,
    idleSeconds: limits.idleSeconds,
    accept(upgrade) {
      if (!isOwnOrigin(upgrade, options.origins ?? [])) return { status: 403, refused: "foreign-origin" };
      if (connections.size >= limits.sockets) {
        turnedAway++;
        return { status: 503, refused: "too-many-sockets" };
      }
      return { data: new Connection(host, upgrade) };
    },
    open(socket) {
      const connection = socket.getUserData().data;
      connections.add(connection);
      connection.opened(socket);
    },
    message: (socket, bytes, isBinary) => socket.getUserData().data.received(bytes, isBinary),
    drain: (socket) => socket.getUserData().data.drained(),
    dropped: (socket) => socket.getUserData().data.dropped(),
    close: (socket) => socket.getUserData().data.closed(),
  });

  const heartbeat = (audience: Audience, serverTime: string): Down => ({
    type: "heartbeat",
    serverTime,
    cursor: {
      epoch: log.epoch(),
      positions: Object.fromEntries([shardOf(audience.merchantId), shardOf(audience.organizerId)].map((shard) => [String(shard), String(log.fed(shard))])),
    },
    seq: audience.seq,
  });

  const beat = () => {
    const at = now();
    const serverTime = new Date(at).toISOString();
    for (const audience of audiences.all()) audience.deliveries.add(JSON.stringify(heartbeat(audience, serverTime)), audience.members);
    for (const connection of [...connections]) {
      if (connection.session !== undefined && connection.session.expiresAt <= at) connection.bye("session-expired");
      else if (connection.state === "catching-up") connection.sendHeartbeat();
    }
    log.sweep(at);
    while (ended[0] !== undefined && at - ended[0].at > REMEMBER_ENDED_MS) ended.shift();
  };
  const timer = setInterval(beat, limits.heartbeatMs);

  return {
    /** One command's events, in the order of its shard; a frame that was taken before is passed over. Answers whether anybody was sent it. */
    onFrame(frame: Frame): boolean {
      const taken = log.take(frame);
      if (taken === undefined) return false;
      counts.frames++;
      if (taken.hole) {
        counts.holes++;
        for (const connection of [...connections]) {
          const { session } = connection;
          if (session !== undefined && [session.merchantId, session.organizerId].some((owner) => shardOf(owner) === frame.shard)) connection.bye("resume");
        }
      }
      const published = audiences.publish(taken.frame);
      counts.published += published;
      return published > 0;
    },

    /** LOG-7: the log goes on in another epoch. Every screen comes back and takes a snapshot. */
    startEpoch(from: Cursor): void {
      log.restart(from);
      for (const connection of [...connections]) if (connection.session !== undefined) connection.bye("resume");
    },

    /** The session's end is the socket's. Also ends one whose ticket is being looked up at this moment. */
    endSessions(match: SessionMatch): void {
      ended.push({ match, at: now() });
      for (const connection of [...connections]) {
        if (connection.session !== undefined && matches(connection.session, match)) connection.bye("session-ended");
      }
    },

    /** For metrics. `slow`: sockets that did not keep up; they were closed and resume. */
    stats: () => ({
      ...counts,
      sockets: connections.size,
      live: [...connections].filter((connection) => connection.state === "live").length,
      audiences: audiences.size(),
      rings: log.rings(),
    }),

    queues: (): readonly QueueSeen[] => [
      { queue: "sockets", length: connections.size, bound: limits.sockets, full: turnedAway },
      // Bytes of the slowest.
      { queue: "socket-buffer", length: [...connections].reduce((most, connection) => Math.max(most, connection.buffered), 0), bound: limits.bufferedBytes, full: counts.slow },
      gate.seen(),
    ],

    close(): void {
      clearInterval(timer);
      for (const connection of [...connections]) connection.bye("shutting-down");
    },
  };
}

const REMEMBER_ENDED_MS = 10_000;

function matches(session: SocketSession, match: SessionMatch): boolean {
  if ("sessionId" in match) return session.sessionId === match.sessionId;
  if ("deviceId" in match) return session.deviceId === match.deviceId;
  return session.staffId === match.staffId;
}

/** A browser always says where its page is from. Without an origin it is no browser, and the ticket decides. */
function isOwnOrigin({ origin, host }: Upgrade, others: readonly string[]): boolean {
  if (origin === "" || others.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
