import { expect, test } from "vitest";
import { complaintsOf } from "./process-logs.ts";

const line = (level: number, code?: string) => JSON.stringify({ level, msg: "x", err: { message: "m", ...(code === undefined ? {} : { code }) } });

test("what an outage explains is no complaint", () => {
  const log = ['{"ready":true,"port":8080}', line(40), line(50, "ECONNREFUSED"), line(50, "CONNECTION_CLOSED"), line(50, "57P01"), line(50, "53100"), line(50, "25006"), ""].join("\n");
  expect(complaintsOf(log)).toEqual([]);
});

test("an error of another kind, a fatal one, and the end of a process are", () => {
  const bad = [line(50), line(50, "23505"), line(60, "ECONNREFUSED"), "TypeError: Cannot read properties of null", "[ioredis] Unhandled error event: Error: connect ECONNREFUSED"];
  expect(complaintsOf(bad.join("\n"))).toEqual(bad);
});
