import { expect, test } from "vitest";
import { tapAtPace } from "./taps.ts";

test("a tap that is refused ends the taps with what it was refused for, also when nobody else is free", async () => {
  const refuses = { tap: () => Promise.reject(new Error("order.send was refused")) };
  await expect(tapAtPace([refuses], 100, 50, () => {})).rejects.toThrow("order.send was refused");
});

test("every tap is made, each by who is free", async () => {
  const made: string[] = [];
  const due: string[] = [];
  const waiter = { tap: async (id: string) => void made.push(id) };
  await tapAtPace([waiter, waiter], 1_000, 20, (id) => due.push(id));
  expect(made).toEqual(due);
  expect(new Set(made).size).toBe(20);
});
