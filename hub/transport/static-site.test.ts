import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { favicon } from "./favicon.ts";
import { startPage } from "./start-page.ts";
import { staticSite } from "./static-site.ts";

let server: HttpServer;
let port: number;
let base: string;
const root = mkdtempSync(join(tmpdir(), "static-site-"));

beforeAll(async () => {
  mkdirSync(join(root, "app", "assets"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(root, "app", "index.html"), "<!doctype html><title>app</title>");
  writeFileSync(join(root, "app", "assets", "index-B7dGk2_x.js"), `export const text = "${"a".repeat(4_000)}";`);
  server = createHttpServer({ onError: () => undefined });
  staticSite({ prefix: "/pos/", directory: join(root, "app") })(server);
  staticSite({ prefix: "/kds/", directory: join(root, "never-built") })(server);
  favicon(server);
  startPage({ title: "Comanda", links: [{ href: "/pos/", name: "Waiter <1>", purpose: "takes orders" }] })(server);
  const listening = await server.listen(0, "127.0.0.1");
  if ("refused" in listening) throw new Error(listening.refused);
  port = listening.port;
  base = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

/** fetch would tidy the path up before sending it. */
function status(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    socket.on("data", (chunk: Buffer) => {
      resolve(chunk.toString("latin1"));
      socket.destroy();
    });
  });
}

test("the app's own paths get its index, never cached unasked", async () => {
  for (const path of ["/pos/", "/pos/floor", "/pos/orders/ord_1"]) {
    const response = await fetch(base + path);
    expect([response.status, await response.text()]).toEqual([200, "<!doctype html><title>app</title>"]);
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
  }
});

test("an unchanged page is not sent again", async () => {
  const etag = (await fetch(`${base}/pos/`)).headers.get("etag") ?? "";
  const again = await fetch(`${base}/pos/`, { headers: { "if-none-match": etag } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
});

test("files named by their hash are kept for ever and travel zipped", async () => {
  const response = await fetch(`${base}/pos/assets/index-B7dGk2_x.js`);
  expect(response.headers.get("cache-control")).toContain("immutable");
  expect(response.headers.get("content-encoding")).toBe("gzip");
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect((await response.text()).length).toBeGreaterThan(4_000);
});

test("a file that is not there is not the index", async () => {
  expect((await fetch(`${base}/pos/assets/gone-B7dGk2_x.js`)).status).toBe(404);
});

test.each(["/pos/../secret.txt", "/pos/%2e%2e/secret.txt", "/pos/..%2fsecret.txt", "/pos/..%5csecret.txt", "/pos/assets/..%2f..%2fsecret.txt", "/pos/%00", "/pos/%ff", "//pos/../secret.txt"])(
  "a path that climbs or does not decode is refused: %s",
  async (path) => {
    const answer = await status(path);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04]/);
    expect(answer).not.toContain("\r\n\r\nsecret");
  },
);

test("the prefix without its slash leads to the app; without a build it says what to do", async () => {
  const bare = await fetch(`${base}/pos`, { redirect: "manual" });
  expect([bare.status, bare.headers.get("location")]).toEqual([302, "/pos/"]);
  const unbuilt = await fetch(`${base}/kds/`);
  expect([unbuilt.status, await unbuilt.text()]).toEqual([503, '/kds is not built: run "npm run build".\n']);
});

test("a page without an icon of its own has one", async () => {
  const icon = await fetch(`${base}/favicon.ico`);
  expect([icon.status, icon.headers.get("content-type"), (await icon.text()).startsWith("<svg ")]).toEqual([200, "image/svg+xml", true]);
});

test("the start page names the apps", async () => {
  const html = await (await fetch(`${base}/`)).text();
  expect(html).toContain('<a href="/pos/"><b>Waiter &#60;1&#62;</b>');
});
