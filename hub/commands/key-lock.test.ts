import { expect, test } from "vitest";
import { createKeyLock } from "./key-lock.ts";

test("holders of one key run in order of asking, others side by side", async () => {
  const lock = createKeyLock();
  const seen: string[] = [];
  let finish = (): void => {};
  const gate = new Promise<void>((resolve) => (finish = resolve));
  const first = lock.run(["a", "b"], async () => {
    await gate;
    seen.push("first");
  });
  const second = lock.run(["b", "c"], async () => void seen.push("second"));
  const third = lock.run(["c", "a"], async () => void seen.push("third"));
  await lock.run(["d"], async () => void seen.push("alone"));
  finish();
  await Promise.all([first, second, third]);
  expect(seen).toEqual(["alone", "first", "second", "third"]);
  expect(lock.held()).toBe(0);
});

test("a holder that throws lets the next one in", async () => {
  const lock = createKeyLock();
  await expect(lock.run(["a"], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await lock.run(["a"], async () => "in")).toBe("in");
  expect(lock.held()).toBe(0);
});
