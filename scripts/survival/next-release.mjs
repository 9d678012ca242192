// Comanda as a next release would be, in which orders are sent by version 2 of their event. It says where it was tapped, which version 1 does not.
import { substitute } from "./substitute.mjs";

const V1 = 'event("sale.order.sent", 1, z.object({ header: orderHeader, items: z.array(sentItem).min(1).max(100), by: person }))';
const V2 = 'event("sale.order.sent", 2, z.object({ header: orderHeader, items: z.array(sentItem).min(1).max(100), by: person, tappedAt: z.string() }), [(data) => ({ ...data, tappedAt: "unknown" })])';

substitute([
  ["/shared/events/sale-order.ts", V1, V2],
  ["/shared/domain/order/decide-send.ts", "items: sent, by } };", 'items: sent, by, tappedAt: "tablet" } };'],
]);
