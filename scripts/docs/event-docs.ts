import { z } from "zod";
import { aggregateForEvent } from "#shared/domain/aggregates.ts";
import { EVENTS, type EventType } from "#shared/events/catalog.ts";
import { topicOf } from "#shared/protocol/topics.ts";

type JsonSchema = Readonly<Record<string, unknown>>;
const schemaOf = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
};

/** Every event as one page: what it is called, whose stream it is on, who hears of it, what it carries. */
export function catalogue(fixtures: Readonly<Record<string, unknown>>): string {
  const families = new Map<string, typeof EVENTS[number][]>();
  for (const event of EVENTS) {
    const family = event.type.slice(0, event.type.indexOf("."));
    families.set(family, [...(families.get(family) ?? []), event]);
  }
  const sections = [...families].map(([family, events]) => {
    const rows = events.map(({ type, version, schema }) => {
      const topic = topicOf(type);
      const fields = Object.entries((schemaOf(schema)["properties"] ?? {}) as Record<string, unknown>);
      const required = new Set((schemaOf(schema)["required"] ?? []) as string[]);
      const names = fields.map(([name]) => `\`${name}${required.has(name) ? "" : "?"}\``).join(", ");
      return `| \`${type}\` | ${version} | ${aggregateForEvent(type as EventType) ?? "–"} | ${topic?.name.replace("ws:observation.", "") ?? "–"} | ${names === "" ? "see the document" : names} |`;
    });
    return `## ${family}\n\n| type | version | stream | topic | data |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  const sample = JSON.stringify({ type: "sale.order.courseFired", data: fixtures["sale.order.courseFired v1"] }, null, 1).split("\n").slice(0, 12).join("\n");
  return `# The catalogue of events

Made by \`npm run docs\` from the schemas in \`shared/events/\`; a test fails when the two differ. The whole schemas are in [asyncapi.json](asyncapi.json),
an example of every version in \`shared/events/fixtures.json\`. The envelope is CloudEvents 1.0 (\`shared/events/envelope.ts\`); a stream is named by the
aggregate's id, a topic is what screens subscribe to (\`shared/protocol/topics.ts\`).

${EVENTS.length} types. An example begins:

\`\`\`json
${sample}
\`\`\`

${sections.join("\n")}`;
}

const ENVELOPE: JsonSchema = {
  type: "object",
  required: ["specversion", "type", "source", "id", "time", "datacontenttype", "subject", "data", "organizerid", "position", "streamversion", "occurredat", "commandid", "correlationid", "actor", "dataversion"],
  properties: {
    specversion: { const: "1.0" },
    type: { type: "string" },
    source: { type: "string", description: "/hub or /consumers/<group>" },
    id: { type: "string", description: "evt_ and a ULID" },
    time: { type: "string", format: "date-time", description: "when it was recorded; never goes back within a shard" },
    datacontenttype: { const: "application/json" },
    subject: { type: "string", description: "the aggregate's id, which names its stream" },
    organizerid: { type: "string" },
    merchantid: { type: "string", description: "absent on what belongs to the organizer as a whole" },
    position: { type: "string", description: "gapless within a shard" },
    streamversion: { type: "integer", minimum: 1 },
    occurredat: { type: "string", format: "date-time" },
    businessdate: { type: "string", format: "date" },
    commandid: { type: "string", description: "a ULID; all events of one command have one" },
    correlationid: { type: "string", description: "the command or event that everything began with" },
    causationid: { type: "string", description: "the event that this one follows from" },
    actor: { type: "string", description: "staff:<id>, device:<id>, consumer:<group> or system" },
    deviceid: { type: "string", description: "the device on which the command was given; absent on what consumers append" },
    capability: { type: "string", description: "the capability that let the command in" },
    addresshash: { type: "string", description: "HMAC of the caller's address, keyed by the installation's secret" },
    traceparent: { type: "string", description: "W3C Trace Context" },
    dataversion: { type: "integer", minimum: 1 },
  },
};

/** AsyncAPI 3.0: the shards' streams in Redis, and every event that goes through them. */
export function asyncApi(): unknown {
  const messages = Object.fromEntries(
    EVENTS.map(({ type, version, schema }) => [
      type,
      {
        name: type,
        contentType: "application/cloudevents+json",
        payload: { allOf: [{ $ref: "#/components/schemas/Envelope" }, { type: "object", properties: { type: { const: type }, dataversion: { const: version }, data: schemaOf(schema) } }] },
      },
    ]),
  );
  const refs = Object.fromEntries(EVENTS.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]));
  return {
    asyncapi: "3.0.0",
    info: { title: "Comanda's events", version: "1", description: "Made from the schemas in shared/events by npm run docs." },
    channels: {
      log: {
        address: "comanda:{s{shard}}:events:{epoch}",
        title: "A shard of the log as a Redis stream: id <position>-0, field e with the event as text. Postgres is the truth; a stream is trimmed.",
        parameters: { shard: { description: "0 to 15, chosen by the owner of the event" }, epoch: { description: "the log's epoch, a ULID" } },
        messages: refs,
      },
    },
    operations: { publish: { action: "send", channel: { $ref: "#/channels/log" } } },
    components: { schemas: { Envelope: ENVELOPE }, messages },
  };
}

/** A line for each message, so that a change shows as one. */
export function asyncApiText(): string {
  const lines = JSON.stringify(asyncApi()).replaceAll(/,(?="[a-zA-Z.-]+":\{"name":)/g, ",\n");
  return `${lines}\n`;
}
