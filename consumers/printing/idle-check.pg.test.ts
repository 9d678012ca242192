import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { printWorld, ticketCreated, type PrintWorld } from "./testing/world.ts";

let world: PrintWorld;
beforeEach(async () => {
  world = await printWorld();
  await world.admin`update print_printers set next_check_at = now()`;
});
afterEach(() => world.close());

const eventually = { timeout: 8_000, interval: 25 };
/** The simulated printers share the process with the test: it must not be the machine that is blamed. */
const PATIENT = { connectMs: 2_000, answerMs: 2_000, completionMs: 5_000 };
const told = () => world.published.map(({ text }) => JSON.parse(text) as { type: string; data: { name: string; online: boolean; cause: string | null } }).filter(({ type }) => type === "printing.printer.changed");
const checked = (id: string) => world.admin<{ next: Date; owner: string | null }[]>`select next_check_at as next, lease_owner as owner from print_printers where printer_id = ${id}`;

test("PRN-27: a printer that is switched off while nothing is printed is told of, with its real cause, and so is its coming back", async () => {
  world.worker({ timing: PATIENT, idleCheckMs: 100 });
  await world.bar.simulated.setMood({ mood: "offline" });
  await expect.poll(() => told().map(({ data }) => [data.name, data.online, data.cause]), eventually).toEqual([["Bar", false, "unreachable"]]);
  await world.bar.simulated.setMood({ mood: "paper-out", afterBytes: 0 });
  await expect.poll(() => told().at(-1)?.data, eventually).toMatchObject({ name: "Bar", online: false, cause: "paper-out" });
  await world.bar.simulated.setMood({ mood: "ok" });
  await expect.poll(() => told().at(-1)?.data, eventually).toMatchObject({ name: "Bar", online: true, cause: null });
  expect(await world.jobs()).toEqual([]);
});

test("PRN-27: nothing is told while nothing changes, and the printer's lease and connection are given back", async () => {
  const worker = world.worker({ timing: PATIENT, idleCheckMs: 100 });
  await expect.poll(() => world.grill.simulated.state.connections, eventually).toBeGreaterThan(3);
  expect(told()).toEqual([]);
  await worker.stop();
  expect(world.grill.simulated.state.connected).toBe(false);
  expect((await checked(world.grill.id))[0]?.owner).toBeNull();
});

test("PRN-27: of several workers one asks at a time, and none while the other prints", async () => {
  for (let i = 0; i < 3; i++) world.worker({ timing: PATIENT, idleCheckMs: 60 });
  for (let i = 0; i < 12; i++) {
    await world.deliver(ticketCreated(world.bar, { number: i }));
    await wait(60);
  }
  await expect.poll(async () => (await world.jobs()).map(({ state, number }) => [state, number]), { timeout: 20_000, interval: 50 }).toEqual(Array.from({ length: 12 }, (_, i) => ["printed", i + 1]));
  expect(world.simulator.tray.list("Bar")).toHaveLength(12);
  // A second caller would have been turned away, and the printer called lost.
  expect(told()).toEqual([]);
});

test("PRN-27: a device that two places share is left alone while one of them has it", async () => {
  await world.admin`update print_printers p set host = o.host, port = o.port from print_printers o where p.printer_id = ${world.grill.id} and o.printer_id = ${world.bar.id}`;
  await world.admin`update print_printers set lease_owner = 'somebody', lease_until = now() + interval '1 minute' where printer_id = ${world.bar.id}`;
  const before = (await checked(world.grill.id))[0]?.next;
  world.worker({ timing: PATIENT, idleCheckMs: 60 });
  await expect.poll(() => world.till.simulated.state.connections, eventually).toBeGreaterThan(2);
  expect((await checked(world.grill.id))[0]?.next).toEqual(before);
  expect(world.bar.simulated.state.connections).toBe(0);
});
