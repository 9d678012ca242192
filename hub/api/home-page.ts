import { SECURITY_HEADERS } from "#hub/transport/static-site.ts";
import type { HttpServer } from "#hub/transport/http-server.ts";
import type { Sql } from "#hub/db/client.ts";
import { demoPlaces } from "./demo-places.ts";

type Link = { readonly href: string; readonly name: string; readonly purpose: string };
type Place = Awaited<ReturnType<typeof demoPlaces>>[number];

/** `/`: where to go from here; as a demo with the places, their screens and everybody's PIN. */
export function homePage(options: { readonly sql: Sql; readonly demo: boolean; readonly previewUrl: string }): (server: HttpServer) => void {
  const headers = { ...SECURITY_HEADERS, "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return (server) =>
    server.route("GET", "/", async (exchange) => {
      const host = exchange.header("host");
      const places = options.demo ? await demoPlaces(options.sql).catch(() => []) : [];
      exchange.reply({ status: 200, headers, body: page(places, previewFor(options.previewUrl, host)) });
    });
}

/** The demo's printers run beside the hub: from a tablet they are under the name by which the tablet found the hub. */
export function previewFor(previewUrl: string, host: string): string {
  if (previewUrl === "" || !URL.canParse(`http://${host}`)) return previewUrl;
  const preview = new URL(previewUrl);
  if (["localhost", "127.0.0.1"].includes(preview.hostname)) preview.hostname = new URL(`http://${host}`).hostname;
  return preview.href;
}

function page(places: readonly Place[], previewUrl: string): string {
  const general: Link[] = [
    ...(places.length === 0 ? [{ href: "/pos/", name: "Till and tablet", purpose: "For waiters, cashiers and managers" }, { href: "/kds/", name: "Kitchen", purpose: "A screen for each station" }] : []),
    ...(previewUrl === "" ? [] : [{ href: previewUrl, name: "Printed slips", purpose: "What the demo's printers have printed" }]),
    { href: "/healthz", name: "Health", purpose: "What is up" },
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Comanda</title>
<style>
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 60rem; padding: 3rem 1.5rem; }
  h2 { margin: 2.5rem 0 .75rem; }
  nav { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
  a { display: grid; gap: .125rem; padding: 1rem 1.25rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .75rem; color: inherit; text-decoration: none; }
  a:hover, a:focus-visible { border-color: currentColor; }
  span, small { opacity: .75; }
  ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; margin: 1rem 0; list-style: none; }
  code { font-size: 1.05em; }
</style>
<h1>Comanda</h1>
${places.map(section).join("\n")}
<h2>${places.length === 0 ? "Open" : "Beside them"}</h2>
<nav>${general.map(card).join("")}</nav>
</html>
`;
}

function section({ id, name, stations, people }: Place): string {
  const links: Link[] = [
    { href: `/pos/?demo=${id}`, name: "Till and tablet", purpose: "Floor, orders, bills" },
    ...stations.map((station) => ({ href: `/kds/?demo=${id}&station=${station.station}`, name: station.name, purpose: station.kind === "pass" ? "The pass" : "Kitchen screen" })),
    { href: `/pos/manager?demo=${id}`, name: "Today", purpose: "For the manager" },
  ];
  return `<h2>${escaped(name)}</h2>
<nav aria-label="${escaped(name)}">${links.map(card).join("")}</nav>
<ul>${people.map((person) => `<li>${escaped(person.name)} <small>PIN</small> <code>${escaped(person.pin)}</code></li>`).join("")}</ul>`;
}

function card({ href, name, purpose }: Link): string {
  return `<a href="${escaped(href)}"><b>${escaped(name)}</b><span>${escaped(purpose)}</span></a>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
