import { tableName } from "../../kit/words/tables.ts";
import type { OrderWork } from "./use-order-work.ts";

export function orderTitle({ party, label }: Pick<OrderWork, "party" | "label">): string {
  const tables = party?.tables ?? [];
  return tables.length > 0 ? tables.map((table) => tableName(table.name)).join(" + ") : label || "Order";
}
