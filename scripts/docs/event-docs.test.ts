import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EVENTS } from "#shared/events/catalog.ts";
import { asyncApi, asyncApiText, catalogue } from "./event-docs.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test("the documents say what the schemas say: run `npm run docs` after a change", () => {
  const fixtures = JSON.parse(read("shared/events/fixtures.json")) as Record<string, unknown>;
  expect(read("docs/events/README.md") === catalogue(fixtures)).toBe(true);
  expect(read("docs/events/asyncapi.json") === asyncApiText()).toBe(true);
});

test("every type is in both, and every reference leads somewhere", () => {
  const document = asyncApi() as { components: { messages: Record<string, { payload: unknown }> }; channels: { log: { messages: Record<string, { $ref: string }> } } };
  const page = catalogue({});
  for (const { type } of EVENTS) {
    expect(page).toContain(`| \`${type}\` |`);
    expect(document.channels.log.messages[type]?.$ref).toBe(`#/components/messages/${type}`);
    expect(document.components.messages[type]?.payload).toBeDefined();
  }
});
