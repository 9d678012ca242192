import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect, type Sql } from "#hub/db/client.ts";
import type { PaymentProvider } from "#shared/events/payment.ts";
import type { SlipJson } from "../printer-simulator/slips.ts";
import { startSimulator } from "../printer-simulator/simulator.ts";
import type { PrinterAddress } from "../seed/seed-place.ts";
import { runStack, type Stack, type StackOptions } from "../services/stack.ts";
import { openBalancer, type Balancer } from "./balancer.ts";
import { openOutside, type Outside } from "./outside.ts";
import { openPoints, type Points } from "./points/points.ts";
import { devicesOf, openRestaurants, PRINTERS, type Restaurant } from "./restaurant.ts";
import { openSmallDisk, type SmallDisk } from "./small-disk.ts";

/** The whole product as processes, two restaurants at work on it, and printers whose paper is kept. */
export type Stage = {
  readonly stack: Stack;
  /** Stands before the hubs, also before one that is alone when more may come. */
  readonly balancer: Balancer | undefined;
  readonly restaurants: readonly Restaurant[];
  /** Past row-level security: for arranging and inspecting only. */
  readonly admin: Sql;
  /** Every slip that came out of any printer, in order. */
  readonly paper: readonly SlipJson[];
  /** How often so far the printers were gone with what was not on their paper yet. */
  readonly printersDied: number;
  /** Printers and payment providers as processes of their own; undefined where guests pay in cash and printers live with us. */
  readonly outside: Outside | undefined;
  /** Undefined where nothing stands between the processes and their servers. */
  readonly points: Points | undefined;
  /** Postgres's, where it has one of its own that can be full. */
  readonly disk: SmallDisk | undefined;
  /** Where the processes write their logs. */
  readonly logDir: string;
  close(): Promise<void>;
};

export type StageOptions = Omit<StackOptions, "durable"> & {
  /** Devices reach the hubs by one address that is none of theirs. */
  readonly balanced?: boolean;
  /** Printers and payment providers are processes that can be killed, and guests pay by card and telephone too. */
  readonly outside?: boolean;
  /** Processes can be killed at exact points; needs `outside`, and one Redis. */
  readonly points?: boolean;
  /** Postgres's data are on a disk that can be full; without the right to mount one it is the same as the others. */
  readonly smallDisk?: boolean;
};

/** Printers that live with us do not answer while something is counted here, and would be told to be away. */
const UNASKED = { PRINTER_CHECK_MS: "3600000" };
/** Guests and providers who are quicker than real ones, so that what is awaited of them ends within a test. */
const HURRIED = { PAYMENT_TIMEOUT_MS: "2000", PAYMENT_BACKOFF_MS: "300", PAYMENT_EXPIRE_MS: "15000" };
const PROVIDERS_SECRET = "a secret of providers that do not exist";

export async function openStage(options: StageOptions): Promise<Stage> {
  return options.outside === true ? withOutside(options) : withPrinters(options);
}

async function withPrinters(options: StageOptions): Promise<Stage> {
  const simulator = await startSimulator({ http: 0, host: "127.0.0.1", printers: PRINTERS.map((name) => ({ name, port: 0 })) });
  const paper: SlipJson[] = [];
  simulator.tray.onSlip((slip) => paper.push(slip));
  const printers = simulator.printers.map(({ name, state }) => ({ name, host: "127.0.0.1", port: state.port }));
  const opened = await open({ ...options, env: { ...UNASKED, ...options.env } }, { printers, providers: [] });
  return {
    ...opened,
    paper,
    printersDied: 0,
    outside: undefined,
    points: undefined,
    async close() {
      await opened.close();
      await simulator.stop();
    },
  };
}

async function withOutside(options: StageOptions): Promise<Stage> {
  const { dir, started = () => {} } = options;
  mkdirSync(dir, { recursive: true });
  const points = options.points === true ? await openPoints() : undefined;
  let hubs: () => readonly number[] = () => [];
  const door = points === undefined ? await openBalancer(() => hubs()) : undefined;
  const webhooks = points?.webhooks ?? Number(new URL(door?.url ?? "").port);
  const outside = await openOutside({ dir, names: PRINTERS, secret: PROVIDERS_SECRET, webhooks, started });
  const printers = (await points?.before(outside.addresses)) ?? outside.addresses;
  const opened = await open(
    { ...options, env: { ...outside.env, ...HURRIED }, ...(points === undefined ? {} : { reach: points.reach }) },
    {
      printers,
      providers: outside.connected,
      running(stack, admin) {
        hubs = () => stack.hubs.map(({ port }) => port);
        points?.know(stack, admin);
      },
    },
  );
  return {
    ...opened,
    get paper() {
      return outside.paper();
    },
    get printersDied() {
      return outside.printersDied();
    },
    outside,
    points,
    async close() {
      await opened.close();
      await outside.stop();
      await door?.close();
      await points?.close();
    },
  };
}

type Around = {
  readonly printers: readonly PrinterAddress[];
  readonly providers: readonly PaymentProvider[];
  readonly running?: (stack: Stack, admin: Sql) => void;
};

/** Room for what two restaurants sell in some minutes, and for little of Postgres's own log. */
const DISK_MB = 640;
const SHORT_LOG = { min_wal_size: "64MB", max_wal_size: "128MB" };

async function open({ balanced = false, smallDisk = false, ...options }: StageOptions, { printers, providers, running }: Around): Promise<Omit<Stage, "paper" | "printersDied" | "outside" | "points">> {
  const disk = smallDisk ? openSmallDisk(join(options.dir, "disk"), DISK_MB) : undefined;
  const stack = await runStack({ ...options, durable: true, ...(disk === undefined ? {} : { postgresDir: join(disk.dir, "data"), postgresSettings: SHORT_LOG }) });
  const balancer = balanced ? await openBalancer(() => stack.hubs.map(({ port }) => port)) : undefined;
  const admin = connect(stack.adminUrl, { max: 4, applicationName: "survival", statementTimeoutMs: 60_000, idleInTransactionTimeoutMs: 0 });
  running?.(stack, admin);
  const restaurants = await openRestaurants({ url: balancer?.url ?? stack.url, secret: stack.secret }, printers, providers);
  return {
    stack,
    balancer,
    restaurants,
    admin,
    disk,
    logDir: options.dir,
    async close() {
      for (const device of devicesOf(restaurants)) device.close();
      await balancer?.close();
      await admin.end({ timeout: 1 });
      await stack.stop();
      disk?.close();
    },
  };
}
