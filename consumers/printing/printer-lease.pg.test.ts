import { afterEach, beforeEach, expect, test } from "vitest";
import { ownerName } from "#consumers/runner/owner.ts";
import { jobStore } from "./job-store.ts";
import { printWorld, ticketCreated, type PrintWorld } from "./testing/world.ts";

let world: PrintWorld;
beforeEach(async () => {
  world = await printWorld();
});
afterEach(() => world.close());

test("regression: who has lost a printer to another run begins no slip beside it", async () => {
  await world.deliver(ticketCreated(world.bar));
  const [row] = await world.admin<{ merchant_id: string; printer_id: string }[]>`select merchant_id, printer_id from print_jobs`;
  const store = jobStore(world.sql, ownerName("one"), 60_000);
  const job = row === undefined ? undefined : await store.claim(row);
  if (job === undefined) throw new Error("no job");
  await world.admin`update print_printers set lease_owner = ${ownerName("another")} where printer_id = ${job.printer.printer_id}`;
  expect(await store.start(job, 100)).toBe(false);
  expect(await store.renew(job.printer, job)).toBe(false);
  expect((await world.jobs()).map(({ state }) => state)).toEqual(["queued"]);
});
