import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readConfig as readConsumersConfig } from "#consumers/config.ts";
import { readConfig as readHubConfig } from "#hub/config.ts";

const compose = readFileSync(new URL("../docker-compose.yml", import.meta.url), "utf8");

/** The lines `NAME: value` under a heading, with every `${…}` filled in, by its default when it has one. */
function settingsUnder(heading: string): Record<string, string> {
  const block = compose.slice(compose.indexOf(heading)).split("\n\n")[0] ?? "";
  const lines = [...block.matchAll(/^ +([A-Z_]+): "?(.*?)"?$/gm)];
  return Object.fromEntries(lines.map(([, name, value]) => [name, (value ?? "").replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1").replaceAll(/\$\{[^}]+\}/g, "x".repeat(32))]));
}

test("hub and consumers accept the settings that the compose file gives them", () => {
  const environment = settingsUnder("x-environment: &environment");
  expect(readHubConfig(environment)).toHaveProperty("config");
  expect(readConsumersConfig(environment)).not.toHaveProperty("wrong");
});

test("Redis keeps an append-only file and evicts nothing", () => {
  expect(compose).toMatch(/"--appendonly", "yes"/);
  expect(compose).toMatch(/"--maxmemory-policy", "noeviction"/);
});
