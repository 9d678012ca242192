import type { HttpServer } from "./http-server.ts";
import { SECURITY_HEADERS } from "./static-site.ts";

export type StartPageLink = { readonly href: string; readonly name: string; readonly purpose: string };

/** `/`: where to go from here. */
export function startPage(options: { readonly title: string; readonly links: readonly StartPageLink[] }): (server: HttpServer) => void {
  const body = page(options.title, options.links);
  const headers = { ...SECURITY_HEADERS, "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" };
  return (server) => server.route("GET", "/", (exchange) => exchange.reply({ status: 200, headers, body }));
}

function page(title: string, links: readonly StartPageLink[]): string {
  const cards = links.map((link) => `<a href="${escaped(link.href)}"><b>${escaped(link.name)}</b><span>${escaped(link.purpose)}</span></a>`).join("\n");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
  :root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 44rem; padding: 4rem 1.5rem; }
  nav { display: grid; gap: 1rem; }
  a { display: grid; gap: .25rem; padding: 1.25rem 1.5rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .75rem; color: inherit; text-decoration: none; }
  a:hover, a:focus-visible { border-color: currentColor; }
  span { opacity: .75; }
</style>
<h1>${escaped(title)}</h1>
<nav>
${cards}
</nav>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
