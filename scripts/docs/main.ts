import { readFileSync, writeFileSync } from "node:fs";
import { asyncApiText, catalogue } from "./event-docs.ts";

/** `npm run docs`: what is made of the schemas is written anew. */
const root = new URL("../../", import.meta.url);
const fixtures = JSON.parse(readFileSync(new URL("shared/events/fixtures.json", root), "utf8")) as Record<string, unknown>;
writeFileSync(new URL("docs/events/README.md", root), catalogue(fixtures));
writeFileSync(new URL("docs/events/asyncapi.json", root), asyncApiText());
