import { SECURITY_HEADERS } from "#hub/transport/static-site.ts";
import type { HttpServer } from "#hub/transport/http-server.ts";
import type { Sql } from "#hub/db/client.ts";
import { demoPlaces } from "./demo-places.ts";

type Link = { readonly href: string; readonly name: string; readonly purpose: string };
type Place = Awaited<ReturnType<typeof demoPlaces>>[number];

/** `/`: where to go from here; as a demo with the places, their screens and everybody's PIN. */
export function homePage(options: { readonly sql: Sql; readonly demo: boolean; readonly previewUrl: string; readonly paymentsUrl: string }): (server: HttpServer) => void {
  const headers = { ...SECURITY_HEADERS, "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return (server) =>
    server.route("GET", "/", async (exchange) => {
      const host = exchange.header("host");
      const places = options.demo ? await demoPlaces(options.sql).catch(() => []) : [];
      exchange.reply({ status: 200, headers, body: page(places, previewFor(options.previewUrl, host), previewFor(options.paymentsUrl, host)) });
    });
}

/** The demo's printers and payment providers run beside the hub: from a tablet they are under the name by which the tablet found the hub. */
export function previewFor(previewUrl: string, host: string): string {
  if (previewUrl === "" || !URL.canParse(`http://${host}`)) return previewUrl;
  const preview = new URL(previewUrl);
  if (["localhost", "127.0.0.1"].includes(preview.hostname)) preview.hostname = new URL(`http://${host}`).hostname;
  return preview.href;
}

function page(places: readonly Place[], previewUrl: string, paymentsUrl: string): string {
  const general: Link[] = [
    ...(places.length === 0 ? [{ href: "/pos/", name: "Till and tablet", purpose: "For waiters, cashiers and managers" }, { href: "/kds/", name: "Kitchen", purpose: "A screen for each station" }] : []),
    ...(previewUrl === "" ? [] : [{ href: previewUrl, name: "Printed slips", purpose: "What the demo's printers have printed" }]),
    ...(paymentsUrl === "" ? [] : [{ href: paymentsUrl, name: "Card and QR", purpose: "What the guest does at the terminal, and how it misbehaves" }]),
    { href: "/healthz", name: "Health", purpose: "What is up" },
    { href: "/metrics", name: "Metrics", purpose: "What Prometheus reads" },
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Comanda</title>
<style>${STYLE}</style>
<header>
<h1>Comanda</h1>
${places.length === 0 ? "" : "<p>Open a screen of one of these places and sign in with a PIN. Every screen is paired by its link.</p>"}
</header>
<main>${places.map(section).join("\n")}</main>
<footer>
<h2>${places.length === 0 ? "Open" : "Beside them"}</h2>
<nav aria-label="Beside the places">${general.map((link) => card(link)).join("")}</nav>
</footer>
</html>
`;
}

const STYLE = `
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; --ground: #f3efe9; --panel: #fffdfa; --line: #e0d8cc; --ink: #221d19; --ink-2: #75695b; --accent: #0f6b6b; }
  @media (prefers-color-scheme: dark) { :root { --ground: #131110; --panel: #1f1b19; --line: #443c35; --ink: #f7f1e9; --ink-2: #a89b8c; --accent: #57c4c0; } }
  body { margin: 0 auto; max-width: 84rem; padding: 2rem 1.5rem 3rem; background: var(--ground); color: var(--ink); }
  h1 { margin: 0; font-size: 2rem; letter-spacing: -.02em; }
  h2 { margin: 0; font-size: 1.25rem; }
  header p { margin: .25rem 0 0; color: var(--ink-2); }
  main { display: grid; gap: 1.25rem; align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); margin: 1.75rem 0; }
  section { display: grid; gap: 1rem; padding: 1.25rem; background: var(--panel); border: 1px solid var(--line); border-radius: 1rem; }
  section p { margin: 0; color: var(--ink-2); font-size: .9rem; }
  nav { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); }
  footer nav { margin-top: .75rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
  a { display: grid; align-content: center; min-height: 48px; padding: .5rem .875rem; border: 1px solid var(--line); border-radius: .75rem; color: inherit; text-decoration: none; }
  a.main { grid-column: 1 / -1; border-color: var(--accent); }
  a:hover { border-color: var(--accent); }
  a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  a span { color: var(--ink-2); font-size: .85rem; }
  ul { display: grid; gap: .125rem 1rem; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); padding: 0; margin: 0; list-style: none; font-size: .95rem; }
  li { display: flex; gap: .5rem; align-items: baseline; }
  li small { color: var(--ink-2); }
  code { margin-inline-start: auto; font-size: 1.05em; font-variant-numeric: tabular-nums; }
`;

function section({ id, name, address, facts, stations, people }: Place): string {
  const links: Link[] = [
    ...stations.map((station) => ({ href: `/kds/?demo=${id}&station=${station.station}`, name: station.name, purpose: station.kind === "pass" ? "The pass" : "Kitchen screen" })),
    { href: `/pos/manager?demo=${id}`, name: "Today", purpose: "For the manager" },
  ];
  const heading = `place-${id}`;
  return `<section aria-labelledby="${heading}">
<div><h2 id="${heading}">${escaped(name)}</h2><p>${escaped(address.join(", "))}</p><p>${escaped(facts.join(" \u00b7 "))}</p></div>
<nav aria-label="${escaped(name)}">${card({ href: `/pos/?demo=${id}`, name: "Till and tablet", purpose: "Floor, orders, bills" }, "main")}${links.map((link) => card(link)).join("")}</nav>
<p id="people-${id}">Who you can be, with the PIN</p>
<ul aria-labelledby="people-${id}">${people.map((person) => `<li>${escaped(person.name)} <small>${escaped(person.role)}</small> PIN <code>${escaped(person.pin)}</code></li>`).join("")}</ul>
</section>`;
}

function card({ href, name, purpose }: Link, kind = ""): string {
  return `<a href="${escaped(href)}"${kind === "" ? "" : ` class="${kind}"`}><b>${escaped(name)}</b><span>${escaped(purpose)}</span></a>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
