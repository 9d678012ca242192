import type { Sql } from "#hub/db/client.ts";
import type { PrinterAddress } from "../../seed/seed-place.ts";
import type { RunningProcess } from "../../services/server.ts";
import type { Stack } from "../../services/stack.ts";
import { openBalancer } from "../balancer.ts";
import { processNamed, whoPrintsAt } from "../kills.ts";
import { httpWire, printerWire } from "./plain-wires.ts";
import { PLACES, type PointName } from "./places.ts";
import { postgresWire } from "./postgres-wire.ts";
import { redisWire } from "./redis-wire.ts";
import { openTap, type After, type Tap, type Wire } from "./tap.ts";

/** What stands between the processes and whom they talk to, and ends or stops one of them at an exact point. */
export type Points = {
  /** Where a process finds Postgres and Redis: behind taps of its own. */
  reach(name: string, addresses: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** Where providers send their webhooks. */
  readonly webhooks: number;
  /** The same printers, each behind a tap. */
  before(printers: readonly PrinterAddress[]): Promise<readonly PrinterAddress[]>;
  /** Once the processes run. */
  know(stack: Stack, admin: Sql): void;
  /** Kills the first process that comes to the point, and answers which it was. */
  meet(point: PointName, withinMs?: number): Promise<RunningProcess>;
  /** Stops it there instead, and answers how to let it go on; what it says and is told there passes only then. */
  stopAt(point: PointName): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

type Taps = { readonly postgres: Tap; readonly redis: Tap; readonly http: Tap };

const WITHIN_MS = 45_000;

export async function openPoints(): Promise<Points> {
  const taps = new Map<string, Taps>();
  const printers: Tap[] = [];
  let known: { readonly stack: Stack; readonly admin: Sql } | undefined;
  const isHub = (name: string) => name.startsWith("hub");
  const webhooks = await openBalancer(() => [...taps].filter(([name]) => isHub(name)).map(([, { http }]) => http.port));

  function ofNow(): { readonly stack: Stack; readonly admin: Sql } {
    if (known === undefined) throw new Error("nothing runs yet");
    return known;
  }

  /** The first process that comes to the point is given to `strike`, which tells what to answer whoever waits here. */
  function caughtAt<Caught>(point: PointName, withinMs: number, strike: (one: RunningProcess, caught: (what: Caught) => void) => Promise<After>): Promise<Caught> {
    const { at, of, when, is } = PLACES[point];
    return new Promise((resolve, reject) => {
      const taken: (() => void)[] = [];
      const over = () => {
        clearTimeout(timer);
        for (const take of taken) take();
      };
      const timer = setTimeout(() => {
        over();
        reject(new Error(`nobody came to the point "${point}" within ${withinMs / 1000} s`));
      }, withinMs);
      const set = (tap: Tap, whose: () => string | Promise<string>) => {
        const spring = async (): Promise<After> => {
          over();
          try {
            const name = whose();
            return await strike(processNamed(ofNow().stack, typeof name === "string" ? name : await name), resolve);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            return "goes on";
          }
        };
        taken.push(tap.set({ when, is: (text) => is.test(text), spring }));
      };
      if (at === "printer") for (const tap of printers) set(tap, () => whoPrintsAt(ofNow().admin, tap));
      else for (const [name, own] of taps) if (isHub(name) === (of === "hub")) set(own[at], () => name);
    });
  }

  return {
    webhooks: Number(new URL(webhooks.url).port),
    async reach(name, addresses) {
      const postgresUrl = new URL(addresses["HUB_DATABASE_URL"] ?? "");
      const redisUrl = new URL(addresses["REDIS_URL"] ?? "");
      const open = (url: URL, wire: () => Wire) => openTap({ target: () => Number(url.port), wire });
      const postgres = await open(postgresUrl, postgresWire);
      const redis = await open(redisUrl, redisWire);
      const http = await openTap({ target: () => processNamed(ofNow().stack, name).port ?? 0, wire: httpWire });
      taps.set(name, { postgres, redis, http });
      return {
        HUB_DATABASE_URL: postgres.through(addresses["HUB_DATABASE_URL"] ?? ""),
        CONSUMER_DATABASE_URL: postgres.through(addresses["CONSUMER_DATABASE_URL"] ?? ""),
        REDIS_URL: redis.through(addresses["REDIS_URL"] ?? ""),
      };
    },
    async before(addresses) {
      const moved: PrinterAddress[] = [];
      for (const address of addresses) {
        const tap = await openTap({ target: () => address.port, wire: printerWire });
        printers.push(tap);
        moved.push({ ...address, port: tap.port });
      }
      return moved;
    },
    know(stack, admin) {
      known = { stack, admin };
    },
    meet: (point, withinMs = WITHIN_MS) =>
      caughtAt(point, withinMs, (one, caught) => {
        process.kill(one.pid, "SIGKILL");
        caught(one);
        return Promise.resolve("ends");
      }),
    stopAt: (point) =>
      caughtAt(point, WITHIN_MS, (one, caught) => {
        process.kill(one.pid, "SIGSTOP");
        return new Promise((after) =>
          caught(async () => {
            await one.kill("SIGCONT");
            after("goes on");
          }),
        );
      }),
    async close() {
      await webhooks.close();
      await Promise.all([...[...taps.values()].flatMap(({ postgres, redis, http }) => [postgres, redis, http]), ...printers].map((tap) => tap.close()));
    },
  };
}
