import type { RingLimits } from "./ring.ts";

export type RealtimeLimits = {
  /** RT-3: a screen calls itself stale after 5 s without one. */
  readonly heartbeatMs: number;
  /** From opening to hello. */
  readonly helloMs: number;
  /** A socket that takes nothing for so long while it catches up is closed. */
  readonly stalledMs: number;
  readonly sockets: number;
  /** Several tabs of one tablet are fine; the oldest gives way. */
  readonly socketsPerDevice: number;
  readonly payloadBytes: number;
  /** What may wait for a slow socket before it is closed. */
  readonly bufferedBytes: number;
  readonly idleSeconds: number;
  /** Frames of an audience a second, counted by each of its sockets, from which on they wait for each other; 0: always. */
  readonly manyDeliveries: number;
  readonly togetherMs: number;
  /** Messages a socket may send at once, and again each second. */
  readonly messageBurst: number;
  readonly messagesPerSecond: number;
  readonly ring: RingLimits;
  readonly keepRingMs: number;
  readonly maxResumeEvents: number;
  readonly indexReads: number;
  /** Who has to wait for one behind so many is turned away, and comes back. */
  readonly waitingReads: number;
};

export const REALTIME_LIMITS: RealtimeLimits = {
  heartbeatMs: 2_000,
  helloMs: 5_000,
  stalledMs: 10_000,
  sockets: 10_000,
  socketsPerDevice: 8,
  payloadBytes: 8 * 1024,
  bufferedBytes: 1024 * 1024,
  idleSeconds: 32,
  manyDeliveries: 15_000,
  togetherMs: 40,
  messageBurst: 20,
  messagesPerSecond: 5,
  ring: { frames: 1_024, bytes: 2 * 1024 * 1024 },
  keepRingMs: 10 * 60_000,
  maxResumeEvents: 2_000,
  indexReads: 4,
  waitingReads: 2_000,
};
