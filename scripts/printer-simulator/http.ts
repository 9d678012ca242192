import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MOOD_NAMES, readMood } from "./moods.ts";
import { page } from "./page.ts";
import type { SimulatedPrinter } from "./printer.ts";
import type { SlipTray } from "./slips.ts";

const LARGEST_BODY = 10_000;

type Simulator = { readonly printers: readonly SimulatedPrinter[]; readonly tray: SlipTray };

/** Preview page, slips as JSON and PNG, and the moods. */
export function simulatorHttp(simulator: Simulator): Server {
  return createServer((request, response) => {
    answer(simulator, request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { error: String(error) });
      else response.destroy();
    });
  });
}

async function answer({ printers, tray }: Simulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://printers");
  const parts = url.pathname.split("/").filter(Boolean).map(decoded);
  const route = `${request.method} /${parts.map((part, i) => (i === 2 ? ":id" : part)).join("/")}`;
  switch (route) {
    case "GET /":
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(page(MOOD_NAMES));
      return;
    case "GET /favicon.ico":
      response.writeHead(204).end();
      return;
    case "GET /api/printers":
      return json(response, 200, printers.map((printer) => printer.state));
    case "GET /api/slips":
      return json(response, 200, tray.list(url.searchParams.get("printer") ?? undefined));
    case "DELETE /api/slips":
      tray.clear();
      return json(response, 200, {});
    case "GET /api/events":
      return events(tray, request, response);
    case "GET /api/slips/:id": {
      const png = await tray.png((parts[2] ?? "").replace(/\.png$/, ""));
      if (!png) return json(response, 404, { error: "no such slip" });
      response.writeHead(200, { "content-type": "image/png", "cache-control": "max-age=3600" });
      response.end(png);
      return;
    }
    case "POST /api/printers/:id/mood": {
      const printer = printers.find((candidate) => candidate.name === parts[2]);
      if (!printer) return json(response, 404, { error: "no such printer" });
      const mood = readMood(await body(request));
      if (!mood) return json(response, 400, { error: "no such mood", moods: MOOD_NAMES });
      await printer.setMood(mood);
      return json(response, 200, printer.state);
    }
    default:
      return json(response, 404, { error: "not found" });
  }
}

/** A tick on every slip and every two seconds, so that the page also sees moods. */
function events(tray: SlipTray, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = () => response.write("data: changed\n\n");
  tell();
  const stop = tray.onSlip(tell);
  const timer = setInterval(tell, 2000);
  request.on("close", () => {
    stop();
    clearInterval(timer);
  });
}

async function body(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", "access-control-allow-origin": "*" });
  response.end(JSON.stringify(value));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
