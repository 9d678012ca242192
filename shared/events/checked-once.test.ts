import { expect, test } from "vitest";
import { z } from "zod";
import { checkedOnce } from "./checked-once.ts";

test("what was found right is not looked at again; what was wrong is wrong every time, and so is its copy", () => {
  let looked = 0;
  const part = checkedOnce(z.object({ n: z.number().refine((n) => ++looked > 0 && n > 0) }));
  const whole = z.object({ parts: z.array(part), one: part.optional() });
  const [right, wrong] = [{ n: 1 }, { n: 0 }];
  expect(whole.safeParse({ parts: [right, right], one: right }).success).toBe(true);
  expect(looked).toBe(1);
  for (let i = 0; i < 2; i++) expect(whole.safeParse({ parts: [right, wrong] }).error?.issues).toMatchObject([{ path: ["parts", 1, "n"] }]);
  expect(whole.safeParse({ parts: [{ ...right, n: "1" }] }).success).toBe(false);
  expect(whole.safeParse({ parts: [null] }).success).toBe(false);
});
