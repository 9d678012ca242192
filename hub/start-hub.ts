import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { addressHash } from "#hub/auth/address-hash.ts";
import { createAccess } from "#hub/auth/access.ts";
import { createExecutor, type ExecutorOptions } from "#hub/commands/execute.ts";
import { createHotStates } from "#hub/commands/hot-states.ts";
import { createLoad } from "#hub/commands/load.ts";
import { createUlids } from "#hub/commands/ulids.ts";
import { connect } from "#hub/db/client.ts";
import { createEventLog } from "#hub/log/append.ts";
import { tellBehind } from "#hub/log/behind.ts";
import { headOf } from "#hub/log/event-head.ts";
import { gaveWay } from "#hub/log/failures.ts";
import { createFeed } from "#hub/log/feed.ts";
import type { LineWriter } from "#hub/log/line-writer.ts";
import { logQueues, type QueueSeen } from "#hub/log/queue-seen.ts";
import { heads } from "#hub/log/read.ts";
import { streamKey } from "#hub/log/keys.ts";
import { clusterOf } from "#hub/log/redis-address.ts";
import { connectToStream } from "#hub/log/redis.ts";
import { createEventIndex } from "#hub/realtime/event-index.ts";
import { frameLines } from "#hub/observe/frame-lines.ts";
import { createObserver } from "#hub/observe/observer.ts";
import { createRealtime, type Realtime } from "#hub/realtime/create-realtime.ts";
import { createHttpServer } from "#hub/transport/http-server.ts";
import { webhookDoor } from "#hub/payments/webhook-door.ts";
import { favicon } from "#hub/transport/favicon.ts";
import { staticSite } from "#hub/transport/static-site.ts";
import { trpcBridge } from "#hub/transport/trpc-bridge.ts";
import { prefixed, type IdKind } from "#shared/ids.ts";
import { refusal } from "./api/refusals.ts";
import { appRouter } from "./api/router.ts";
import type { Hub } from "./api/hub.ts";
import { fileDoor } from "./api/file-door.ts";
import { createPace, type PaceLimits } from "./api/pace.ts";
import { homePage } from "./api/home-page.ts";
import { readHealth } from "./health.ts";
import { createMetrics } from "./metrics.ts";

export const VERSION = "0.1.0";

export type RunningHub = {
  readonly port: number;
  /** Lets running requests end; within 5 s. */
  stop(): Promise<void>;
};
export type NotStarted = { readonly refused: string };

/** Sessions that other hubs ended are looked for so often (their sockets live no longer). */
const SWEEP_MS = 2_000;
const PURGE_MS = 600_000;

/** Wires the hub: log, commands, sessions, screens and doors. Postgres must be there; Redis may come later. */
export async function startHub(config: Config, logger: Logger, lines?: LineWriter): Promise<RunningHub | NotStarted> {
  const now = () => Date.now();
  const onError = (error: unknown, where: string) => logger[gaveWay(error) ? "warn" : "error"]({ err: error, where }, "failed");
  const onBehind = tellBehind(logger);
  const newUlid = createUlids(now);
  const newId = (kind: IdKind) => prefixed(kind, newUlid());
  const metrics = createMetrics();

  const sql = connect(config.HUB_DATABASE_URL, { max: 12, applicationName: "comanda-hub", connectTimeoutMs: 3_000, statementTimeoutMs: 5_000 });
  const system = connect(config.CONSUMER_DATABASE_URL, { max: 3, applicationName: "comanda-hub-feed", connectTimeoutMs: 3_000 });
  const log = await createEventLog({ hubUrl: config.HUB_DATABASE_URL, consumerUrl: config.CONSUMER_DATABASE_URL, redisUrl: config.REDIS_URL, onError, onBehind, awayMs: 4_000, answerMs: 5_000 });
  const from = { epoch: log.epoch, positions: await heads(system) };

  const onExecuted: ExecutorOptions["onExecuted"] = (type, outcome, ms, { commandId, traceparent }) => {
    metrics.command(type, outcome, ms);
    logger.info({ trace: traceparent.split("-")[1], correlation: commandId, command: type, outcome, ms }, "command");
  };

  const states = createHotStates(createLoad(sql), now);
  const executor = createExecutor({ append: log.append, states, now, newId, onExecuted });
  const tellOfFrame = frameLines(logger);
  let realtime: Realtime | undefined;
  const access = createAccess({
    sql,
    secret: config.COMANDA_SECRET,
    executor,
    demo: config.COMANDA_DEMO,
    now,
    newId,
    newUlid,
    onSessionEnded: (sessionId) => realtime?.endSessions({ sessionId }),
  });
  const server = createHttpServer({ onError, onReply: metrics.reply });
  const screens = createRealtime({
    server,
    from,
    authenticate: (ticket) => access.tickets.redeem(ticket).then(socketSession),
    index: createEventIndex(sql),
    origins: config.COMANDA_ORIGINS,
    onError: (error) => onError(error, "realtime"),
  });
  realtime = screens;
  const pace = createPace({ device: paceLimits(config.DEVICE_CALLS_PER_SECOND, 32), merchant: paceLimits(config.MERCHANT_CALLS_PER_SECOND, 256) }, now);
  let feedQueue: () => readonly QueueSeen[] = () => [];
  const queues = () => [server.queue(), ...pace.queues(), ...logQueues(log), ...feedQueue(), ...screens.queues(), ...(lines === undefined ? [] : [lines.queue()])];
  const observer = createObserver({ sql: system, log, realtime: screens, queues, now, onError: (error) => onError(error, "observing") });
  void observer.look();
  const hashOf = addressHash(config.COMANDA_SECRET);
  const hub: Hub = { sql, executor, pace, addressHash: hashOf, access, observer, epoch: () => log.epoch, now, newId, newUlid, demo: config.COMANDA_DEMO };
  const feed = await createFeed({
    sql: system,
    openRedis: (shard) => connectToStream(config.REDIS_URL, streamKey(shard, log.epoch)),
    cluster: clusterOf(config.REDIS_URL) !== undefined,
    local: log,
    from,
    onFrame(frame) {
      // First of all: what is remembered here is decided on, whatever becomes of the screens.
      for (const event of frame.events) {
        const { type, subject, streamversion, organizerid, merchantid } = headOf(event);
        states.noticed(merchantid ?? organizerid, subject, streamversion);
        if (type.startsWith("identity.")) {
          const tenant = { organizerId: organizerid, ...(merchantid === undefined ? {} : { merchantId: merchantid }) };
          access.noticed({ type, subject, tenant }).catch((error: unknown) => onError(error, "ending sessions"));
        }
      }
      if (screens.onFrame(frame)) tellOfFrame(frame);
    },
    // LOG-7: a restored log may lack what is remembered here.
    onEpoch() {
      states.clear();
      screens.startEpoch(feed.cursor());
    },
    onBehind,
    onError,
  });
  feedQueue = () => [feed.state().queue];
  metrics.watch(log, screens, observer, now);

  trpcBridge({
    router: appRouter,
    prefix: "/trpc",
    refusesAtOnce(authorization) {
      const bearer = bearerOf(authorization);
      const slowed = bearer === undefined ? undefined : pace.slowed(bearer);
      if (slowed === undefined) return undefined;
      const { holdMs, ...said } = slowed;
      return { error: refusal("TOO_MANY_REQUESTS", "slow-down", said), retryAfterMs: slowed.retryAfterMs, holdMs };
    },
    createContext: ({ authorization, remoteAddress, traceparent }) => ({ hub, bearer: bearerOf(authorization), remoteAddress, traceparent }),
    onError({ error, path }) {
      if (error.code === "INTERNAL_SERVER_ERROR") logger.error({ err: error.cause ?? error, path }, "a call failed");
    },
  })(server);
  server.route("GET", "/healthz", async (exchange) => {
    const health = await readHealth({ sql, log, feed, realtime: screens, version: VERSION });
    exchange.json(health.status === "down" ? 503 : 200, health);
  }, true);
  server.route("GET", "/metrics", async (exchange) => {
    const body = await metrics.registry.metrics();
    exchange.reply({ status: 200, headers: { "content-type": metrics.registry.contentType }, body });
  }, true);
  webhookDoor({ providers: config.PAYMENT_PROVIDERS, sql, executor, now, newUlid, hashOf })(server);
  fileDoor(hub, bearerOf)(server);
  staticSite({ prefix: "/pos/", directory: clientFolder(config, "pos-web") })(server);
  staticSite({ prefix: "/kds/", directory: clientFolder(config, "kds") })(server);
  favicon(server);
  homePage({ sql, demo: config.COMANDA_DEMO, previewUrl: config.PRINTER_SIMULATOR_URL, paymentsUrl: config.PAYMENT_SIMULATOR_URL })(server);

  let since = new Date(now() - 10_000);
  const sweep = setInterval(() => {
    access.sessions.prune();
    access.sessions.sweep(since).then((next) => (since = next), () => undefined);
  }, SWEEP_MS);
  const purge = setInterval(() => {
    sql`select access_purge(), log_keep_partitions()`.catch((error: unknown) => onError(error, "purging"));
  }, PURGE_MS);

  const stop = async () => {
    clearInterval(sweep);
    clearInterval(purge);
    observer.stop();
    screens.close();
    await server.close(2_000);
    await feed.stop();
    await log.close();
    await Promise.all([sql.end({ timeout: 1 }), system.end({ timeout: 1 })]);
  };

  const listening = await server.listen(config.PORT, config.HOST);
  if ("refused" in listening) {
    await stop();
    return { refused: listening.refused === "port-taken" ? `Port ${config.PORT} is taken: stop what uses it, or choose another with PORT.` : `${config.HOST} is no address of this machine: choose another with HOST.` };
  }
  return { port: listening.port, stop };
}

/** A tablet that was offline brings what it has kept: five seconds' worth at once. */
function paceLimits(perSecond: number, inFlight: number): PaceLimits {
  return { perSecond, burst: perSecond * 5, inFlight };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,2048})$/i.exec(authorization ?? "")?.[1];
}

function clientFolder(config: Config, app: string): string {
  return config.COMANDA_CLIENTS === "" ? fileURLToPath(new URL(`../clients/${app}/dist/`, import.meta.url)) : `${config.COMANDA_CLIENTS}/${app}/dist`;
}

function socketSession(session: Awaited<ReturnType<ReturnType<typeof createAccess>["tickets"]["redeem"]>>) {
  if (session === undefined || session.merchant === null || session.device === null) return undefined;
  const { id, organizer, merchant, device, staff, capabilities, expiresAt } = session;
  return { organizerId: organizer, merchantId: merchant, deviceId: device, sessionId: id, capabilities, expiresAt, ...(staff === null ? {} : { staffId: staff.id }) };
}
