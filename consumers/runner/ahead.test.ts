import { expect, test, vi } from "vitest";
import type { Envelope } from "#shared/events/envelope.ts";
import { Ahead } from "./ahead.ts";
import type { ReadEvent } from "./readable.ts";

const entry = (position: number) => ({ position: BigInt(position), text: JSON.stringify({ id: `evt_${position}` }) });
const entries = Array.from({ length: 20 }, (_, i) => entry(i + 1));
const reading = () => vi.fn((envelope: Envelope) => envelope) as unknown as ReadEvent & ReturnType<typeof vi.fn>;

function held(): { readonly work: Promise<string>; release(): void } {
  let release = () => {};
  const work = new Promise<string>((resolve) => (release = () => resolve("done")));
  return { work, release };
}

test("reads what comes next while the work goes on, and gives each event away once", async () => {
  const read = reading();
  const ahead = new Ahead(3, read);
  const { work, release } = held();
  const during = ahead.during(work, Promise.resolve(entries));
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(20));
  release();
  expect(await during).toBe("done");
  const [first = entry(1)] = entries;
  const taken = ahead.take(first);
  expect(taken).toMatchObject({ shard: 3, position: 1n, envelope: { id: "evt_1" } });
  expect(ahead.take(first)).not.toBe(taken);
});

test("leaves the thread to others between a few events, and stops when the work is done", async () => {
  const read = reading();
  const { work, release } = held();
  const during = new Ahead(3, read).during(work, Promise.resolve(entries));
  expect(read).not.toHaveBeenCalled();
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  const inOneTurn = read.mock.calls.length;
  expect(inOneTurn).toBeGreaterThan(0);
  expect(inOneTurn).toBeLessThan(20);
  release();
  await during;
  expect(read.mock.calls.length).toBeLessThan(20);
});

test("an event that cannot be read harms nobody before its turn", async () => {
  const read = vi.fn(() => {
    throw new Error("broken");
  }) as unknown as ReadEvent;
  const ahead = new Ahead(3, read);
  const { work, release } = held();
  const during = ahead.during(work, Promise.resolve([entry(1), { position: 2n, text: "no JSON" }]));
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  release();
  expect(await during).toBe("done");
  expect(ahead.take(entry(1))).toMatchObject({ position: 1n });
});

test("work that fails is passed on", async () => {
  await expect(new Ahead(3, reading()).during(Promise.reject(new Error("gone")), Promise.resolve(entries))).rejects.toThrow("gone");
});
