import { createServer, type IncomingMessage } from "node:http";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import { connect } from "../../../hub/db/client.ts";
import type { RowSizes } from "../pgbench.ts";
import { durableWrites, type PeerTap } from "./durable.ts";

/**
 * Socket.IO with its Redis Streams adapter, as its documentation sets them up: who connects is in the room that the
 * address names; `POST /tap` writes what the hub writes for a tap and emits it to the room after COMMIT.
 */
function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  return body;
}

const redis = new Redis(setting("REDIS_URL"));
const sql = connect(setting("DATABASE_URL"), { max: 12 });
const write = durableWrites(sql, JSON.parse(setting("ROW_SIZES")) as RowSizes);
const http = createServer((request, reply) => {
  tapped(request).then(
    (body) => reply.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body),
    (error: unknown) => reply.writeHead(500, { "content-length": String(error).length }).end(String(error)),
  );
});
const io = new Server(http, {
  transports: ["websocket"],
  adapter: createAdapter(redis, { maxLen: 100_000 }),
  ...(process.env["RECOVERY"] === undefined ? {} : { connectionStateRecovery: { maxDisconnectionDuration: 120_000 } }),
});

async function tapped(request: IncomingMessage): Promise<string> {
  const tap = JSON.parse(await bodyOf(request)) as PeerTap;
  const events = await write(tap);
  io.to(tap.room).emit("frame", { commandId: tap.id, events });
  return '{"ok":true}';
}

io.on("connection", (socket) => {
  // One that was recovered is in its room already.
  if (!socket.recovered) void socket.join(String(socket.handshake.query["room"]));
});
http.listen(0, "127.0.0.1", () => {
  const address = http.address();
  console.log(JSON.stringify({ ready: true, port: typeof address === "object" ? address?.port : undefined }));
});
process.on("SIGTERM", () => process.exit(0));
