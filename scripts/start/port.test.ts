import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { portNear, whyNotOpen } from "./port.ts";

test("regression: a port that was remembered was one that the system gave to somebody else at the next start", async () => {
  const wanted = await portNear(20_000);
  const holder = createServer().listen(wanted);
  await once(holder, "listening");
  const near = await portNear(wanted);
  expect(near).not.toBe(wanted);
  expect(near).toBeLessThan(32_768);
  expect((near - wanted) % 200).toBe(0);
  expect(await whyNotOpen(near)).toBeUndefined();
  holder.close();
});
