import { connect, type Sql } from "#hub/db/client.ts";
import type { SlipJson } from "../printer-simulator/slips.ts";
import { startSimulator } from "../printer-simulator/simulator.ts";
import { runStack, type Stack, type StackOptions } from "../services/stack.ts";
import { openBalancer, type Balancer } from "./balancer.ts";
import { devicesOf, openRestaurants, PRINTERS, type Restaurant } from "./restaurant.ts";

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
  /** Where the processes write their logs. */
  readonly logDir: string;
  close(): Promise<void>;
};

export type StageOptions = Omit<StackOptions, "durable"> & {
  /** Devices reach the hubs by one address that is none of theirs. */
  readonly balanced?: boolean;
};

export async function openStage({ balanced = false, ...options }: StageOptions): Promise<Stage> {
  const simulator = await startSimulator({ http: 0, host: "127.0.0.1", printers: PRINTERS.map((name) => ({ name, port: 0 })) });
  const paper: SlipJson[] = [];
  simulator.tray.onSlip((slip) => paper.push(slip));
  const printers = simulator.printers.map(({ name, state }) => ({ name, host: "127.0.0.1", port: state.port }));
  const stack = await runStack({ ...options, durable: true });
  const balancer = balanced ? await openBalancer(() => stack.hubs.map(({ port }) => port)) : undefined;
  const admin = connect(stack.adminUrl, { max: 4, applicationName: "survival", statementTimeoutMs: 60_000 });
  const restaurants = await openRestaurants({ url: balancer?.url ?? stack.url, secret: stack.secret }, printers);
  return {
    stack,
    balancer,
    restaurants,
    admin,
    paper,
    logDir: options.dir,
    async close() {
      for (const device of devicesOf(restaurants)) device.close();
      await balancer?.close();
      await admin.end({ timeout: 1 });
      await stack.stop();
      await simulator.stop();
    },
  };
}
