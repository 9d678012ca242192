import { expect, test } from "vitest";
import { costliest, type CpuProfile } from "./profile.ts";

const node = (id: number, functionName: string, url: string, lineNumber: number) => ({ id, callFrame: { functionName, url, lineNumber } });
const profile: CpuProfile = {
  nodes: [node(1, "(root)", "", -1), node(2, "encode", "file:///x/hub/log/encode.ts", 9), node(3, "encode", "file:///x/hub/log/encode.ts", 9), node(4, "", "file:///x/node_modules/uws/uws.js", 0), node(5, "(idle)", "", -1), node(6, "(garbage collector)", "", -1), node(7, "post", "node:inspector", 117)],
  samples: [7, 2, 3, 4, 5, 6],
  timeDeltas: [40_000, 1_000, 2_000, 1_500, 90_000, 500],
};

test("a function's own time is the sum over all its callers, its share that of the time in which the process did something, and more than be looked into", () => {
  expect(costliest(profile, 15, "file:///x/")).toEqual([
    { name: "encode", at: "hub/log/encode.ts:10", ms: 3, share: 0.6 },
    { name: "(anonymous)", at: "node_modules/uws/uws.js:1", ms: 1.5, share: 0.3 },
    { name: "(garbage collector)", at: "", ms: 0.5, share: 0.1 },
  ]);
  expect(costliest(profile, 1, "file:///x/").map(({ name }) => name)).toEqual(["encode"]);
});
