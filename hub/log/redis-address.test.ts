import { expect, test } from "vitest";
import { clusterOf, isRedisUrl } from "./redis-address.ts";

test("a cluster is named by some of its nodes", () => {
  expect(clusterOf("redis-cluster://one:7000,10.0.0.2:7001,[::1]:7002")).toEqual({
    nodes: [
      { host: "one", port: 7000 },
      { host: "10.0.0.2", port: 7001 },
      { host: "::1", port: 7002 },
    ],
    access: {},
  });
  expect(clusterOf("rediss-cluster://us%20er:p%40ss@one:7000/")).toEqual({ nodes: [{ host: "one", port: 7000 }], access: { username: "us er", password: "p@ss", tls: {} } });
  expect(clusterOf("rediss-cluster://:secret@one:7000")?.access).toEqual({ password: "secret", tls: {} });
});

test.each(["redis://one:6379", "rediss://user:pass@one", "redis://one:6379/3", "redis-cluster://one:7000,two:7001"])("%s is an address", (url) => {
  expect(isRedisUrl(url)).toBe(true);
});

test.each(["", "one:6379", "http://one", "redis-cluster://", "redis-cluster://one", "redis-cluster://one:7000,", "redis-cluster://one:7000,two", "redis-cluster://one:99999", "redis-cluster://one:7000/1"])("%j is none", (url) => {
  expect(isRedisUrl(url)).toBe(false);
});
