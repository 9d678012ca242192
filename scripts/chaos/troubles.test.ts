import { expect, test } from "vitest";
import { keepTroubles } from "./troubles.ts";

test("what was done is kept with its time, and what was not come through is never over", async () => {
  let now = 0;
  const troubles = keepTroubles(() => ++now);
  expect(await troubles.during("hub killed", async () => "back")).toBe("back");
  await expect(troubles.during("Postgres killed", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(troubles.all).toEqual([{ fault: "hub killed", from: 1, to: 2 }, { fault: "Postgres killed", from: 3, to: Number.POSITIVE_INFINITY }]);
});
