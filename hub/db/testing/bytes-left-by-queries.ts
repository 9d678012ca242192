/**
 * Prints how many bytes of the old heap each query leaves behind that the collections of the young one let through.
 * Its arguments: the database's URL, and the driver's module. Run with `--expose-gc`.
 */
import { getHeapSpaceStatistics } from "node:v8";
import type { postgres as repaired } from "../driver.ts";

const QUERIES = 6_000;
/** Often enough that hardly a query is under way when the young heap is collected. */
const COLLECT_EVERY = 300;

const [url = "", driver = ""] = process.argv.slice(2);
const { default: upstream, postgres = upstream } = (await import(driver)) as { default: typeof repaired; postgres?: typeof repaired };
const sql = postgres(url, { max: 1 });
await ask(QUERIES);
await gc?.();
const before = oldHeap();
await ask(QUERIES);
process.stdout.write(String(Math.round((oldHeap() - before) / QUERIES)));
await sql.end();

async function ask(queries: number): Promise<void> {
  for (let i = 0; i < queries; i++) {
    await sql`select ${i}::int as i`;
    if (i % COLLECT_EVERY === 0) await gc?.({ type: "minor" });
  }
}

function oldHeap(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
}
