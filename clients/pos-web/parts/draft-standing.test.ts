import { expect, test } from "vitest";
import { draftStanding } from "./draft-standing.ts";

test("a draft is left alone, follows when nothing would be lost, and is told when others changed what it was made of", () => {
  const [was, theirs, mine] = [{ step: 1, tips: [] }, { step: 5, tips: [] }, { step: 1, tips: ["0.1"] }];
  expect(draftStanding(was, { tips: [], step: 1 }, mine)).toBe("same");
  expect(draftStanding(was, theirs, was)).toBe("follow");
  expect(draftStanding(was, mine, mine)).toBe("follow");
  expect(draftStanding(was, theirs, mine)).toBe("changed");
});
