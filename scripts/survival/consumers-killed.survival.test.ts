import { beforeAll, expect, test } from "vitest";
import { audit } from "./check/audit.ts";
import { holdTable } from "./kills.ts";
import { startLoad } from "./load.ts";
import { keepsUp, settled } from "./settled.ts";
import type { Stage } from "./stage.ts";
import { openTestStage } from "./test-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openTestStage();
  return () => stage.close();
});

/** Each consumer's batch has done a part of its work when it comes to this table, and has not committed. */
const IN_MID_BATCH = [
  ["kitchen, before its tickets", "kitchen_tickets"],
  ["ledger, between journals and balances", "ledger_balances"],
  ["stock, between movements and levels", "stock_levels"],
  ["printing, between numbers and jobs", "print_jobs"],
] as const;

test("RUN-2: killed in mid-batch, in each consumer in turn, and at any other moment, everything is done once", async () => {
  const { stack, restaurants } = stage;
  const load = startLoad(restaurants, { seed: 21, tapMs: 400 });
  for (const [, table] of IN_MID_BATCH) {
    await load.goesOn(20);
    await keepsUp(stage);
    const held = await holdTable(stack.adminUrl, table);
    await held.waitsFor("comanda-consumers");
    await stack.consumers.kill("SIGKILL");
    await held.release();
    await stack.consumers.restart();
  }
  for (let time = 0; time < 2; time++) {
    await load.goesOn(20);
    await stack.consumers.kill("SIGKILL");
    await stack.consumers.restart();
  }
  await load.goesOn(40);
  await load.stop();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});
