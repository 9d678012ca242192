import type { HttpServer } from "./http-server.ts";

/** Browsers ask for it beside every page that names no icon of its own: the start page, a file, a figure. */
const ICON = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='8' fill='#221d19'/><path d='M10 7h12v18l-3-2-3 2-3-2-3 2z' fill='#f7bb2c'/></svg>\n";

export function favicon(server: HttpServer): void {
  server.route("GET", "/favicon.ico", (exchange) => exchange.reply({ status: 200, headers: { "content-type": "image/svg+xml", "cache-control": "public, max-age=86400" }, body: ICON }));
}
