// Loaded before a process by tests alone (`--import`): Comanda as a next release would be, in which orders are sent by version 2 of
// their event. It says where it was tapped, which version 1 does not.
import { registerHooks } from "node:module";

const V1 = 'event("sale.order.sent", 1, z.object({ header: orderHeader, items: z.array(sentItem).min(1).max(100), by: person }))';
const V2 = 'event("sale.order.sent", 2, z.object({ header: orderHeader, items: z.array(sentItem).min(1).max(100), by: person, tappedAt: z.string() }), [(data) => ({ ...(data as object), tappedAt: "unknown" })])';

/** Path, what is there, what stands there in the next release. */
const CHANGES = [
  ["/shared/events/sale-order.ts", V1, V2],
  ["/shared/domain/order/decide-send.ts", "items: sent, by } };", 'items: sent, by, tappedAt: "tablet" } as never };'],
];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const change = CHANGES.find(([path]) => url.endsWith(path));
    if (change === undefined) return loaded;
    const [path, from, to] = change;
    const source = String(loaded.source);
    if (!source.includes(from)) throw new Error(`${path} is no longer what the next release was made of`);
    return { ...loaded, source: source.replace(from, to) };
  },
});
