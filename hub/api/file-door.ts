import { setTenant } from "#hub/db/client.ts";
import type { HttpServer } from "#hub/transport/http-server.ts";
import { idPattern } from "#shared/ids.ts";
import type { Hub } from "./hub.ts";

const PREFIX = "/files/";
const DOCUMENT = idPattern("document");
/** Who may have what: the books are the manager's, a receipt and a till's paper are for those who take money. */
const SEEN_BY: Readonly<Record<string, readonly string[]>> = { receipt: ["check.settle", "manage.view"], "cash-report": ["drawer.operate", "manage.view"] };

type Row = { readonly kind: string; readonly name: string; readonly media_type: string };

/** GET /files/<document>: the bytes that a job has made, to whoever may see such a file here; to all others it is not there. */
export function fileDoor(hub: Hub, bearerOf: (authorization: string | undefined) => string | undefined) {
  return (server: HttpServer): void => {
    server.route("GET", `${PREFIX}*`, async (exchange) => {
      const bearer = bearerOf(exchange.header("authorization"));
      const document = exchange.path.slice(PREFIX.length);
      const session = bearer === undefined ? undefined : await hub.access.authenticate(bearer);
      if (session === undefined || "refused" in session) return exchange.refuse(401, { refused: session === undefined ? "unknown-token" : session.refused });
      const { merchant, organizer, capabilities } = session;
      if (merchant === null || !DOCUMENT.test(document)) return exchange.refuse(404, { refused: "unknown-document" });
      const file = await read(hub, { organizerId: organizer, merchantId: merchant }, document);
      const seenBy = SEEN_BY[file?.kind ?? ""] ?? ["manage.view"];
      if (file === undefined || !seenBy.some((capability) => capabilities.some((own) => own === capability))) return exchange.refuse(404, { refused: "unknown-document" });
      exchange.reply({
        status: 200,
        headers: {
          "content-type": file.media_type,
          "content-disposition": `attachment; filename="${file.name}"`,
          "cache-control": "private, no-store",
          "x-content-type-options": "nosniff",
        },
        body: file.body,
      });
    });
  };
}

async function read(hub: Hub, tenant: { readonly organizerId: string; readonly merchantId: string }, document: string): Promise<(Row & { readonly body: Buffer }) | undefined> {
  return hub.sql.begin("isolation level repeatable read read only", async (tx) => {
    await setTenant(tx, tenant);
    const [row] = await tx<Row[]>`
      select content->>'kind' as kind, name, media_type from document_jobs where merchant_id = ${tenant.merchantId} and document_id = ${document} and state = 'ready'`;
    if (row === undefined) return undefined;
    const chunks = await tx<{ bytes: Buffer }[]>`select bytes from document_chunks where merchant_id = ${tenant.merchantId} and document_id = ${document} order by chunk`;
    return { ...row, body: Buffer.concat(chunks.map(({ bytes }) => bytes)) };
  });
}
