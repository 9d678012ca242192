import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";
import type { Exchange } from "./exchange.ts";
import type { HttpServer } from "./http-server.ts";

type File = {
  readonly bytes: Buffer;
  readonly zipped: Buffer | undefined;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
};

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".wav": "audio/wav",
  ".txt": "text/plain; charset=utf-8",
};
const SHRINKS = /^(text\/|application\/(json|manifest)|image\/svg)/;

/** Vite's names end in a hash of the content: `assets/index-B7dGk2_x.js`. */
const HASHED_NAME = /(^|\/)assets\/.+-[\w-]{8,}\.\w+$/;

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "content-security-policy": "script-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
};

/**
 * A built client under a prefix such as `/pos/`, served from memory. Paths of the app itself get its index.html.
 * Without a build the pages say how to make one.
 */
export function staticSite(options: { readonly prefix: `/${string}/`; readonly directory: string }): (server: HttpServer) => void {
  const { prefix, directory } = options;
  const files = loadFiles(directory);
  const index = files.get("index.html");
  return (server) => {
    const bare = prefix.slice(0, -1);
    server.route("GET", bare, (exchange) => exchange.reply({ status: 302, headers: { location: prefix } }));
    server.route("GET", `${prefix}*`, (exchange) => {
      if (index === undefined) {
        exchange.reply({ status: 503, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${bare} is not built: run "npm run build".\n` });
        return;
      }
      const name = fileName(exchange.path.slice(prefix.length));
      if (name === undefined) {
        exchange.refuse(400, { refused: "bad-path" });
        return;
      }
      const file = files.get(name) ?? (extname(name) === "" ? index : undefined);
      if (file === undefined) exchange.refuse(404, { refused: "not-found" });
      else send(exchange, file);
    });
  };
}

/** Undefined for a path that climbs or does not decode. Files are looked up by name in a map, so none can be reached besides. */
function fileName(path: string): string | undefined {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (/[\u0000\\]/.test(name) || name.split("/").includes("..")) return undefined;
  return name;
}

function send(exchange: Exchange, file: File): void {
  if (exchange.header("if-none-match") === file.etag) {
    exchange.reply({ status: 304, headers: { etag: file.etag } });
    return;
  }
  if (file.zipped !== undefined && /\bgzip\b/.test(exchange.header("accept-encoding"))) {
    exchange.reply({ status: 200, headers: { ...file.headers, "content-encoding": "gzip" }, body: file.zipped });
    return;
  }
  exchange.reply({ status: 200, headers: file.headers, body: file.bytes });
}

function loadFiles(directory: string): ReadonlyMap<string, File> {
  const files = new Map<string, File>();
  if (!existsSync(directory)) return files;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path).split(sep).join("/");
    files.set(name, describe(name, readFileSync(path)));
  }
  return files;
}

function describe(name: string, bytes: Buffer): File {
  const type = TYPES[extname(name)] ?? "application/octet-stream";
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  const zipped = SHRINKS.test(type) && bytes.length > 1024 ? gzipSync(bytes) : undefined;
  const cache = HASHED_NAME.test(name) ? "public, max-age=31536000, immutable" : "no-cache";
  return {
    bytes,
    zipped,
    etag,
    headers: { ...SECURITY_HEADERS, "content-type": type, etag, "cache-control": cache, ...(zipped === undefined ? {} : { vary: "accept-encoding" }) },
  };
}
