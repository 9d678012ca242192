import type { TableState } from "#shared/domain/floor/state.ts";

export type Placed = { readonly table: TableState; readonly column: number; readonly row: number };
export type ZonePlan = { readonly zone: string; readonly columns: number; readonly rows: number; readonly tables: readonly Placed[] };
/** Zones beside each other within a row, rows below each other; all cells are of one size. */
export type FloorPlan = { readonly rows: readonly (readonly ZonePlan[])[]; readonly cellWidth: number; readonly cellHeight: number };

const LABEL = 26;
const GAP = 8;
const MIN_CELL = { width: 92, height: 76 };
const MAX_CELL = { width: 190, height: 150 };

/** Screen rule 7: every table on one screen. Places are kept as the merchant drew them as long as the cells stay large enough to be touched and read. */
export function planFloor(tables: readonly TableState[], width: number, height: number): FloorPlan {
  const zones = zonesOf(tables);
  const drawn = zones.map((zone) => drawnZone(zone, tables.filter((table) => table.zone === zone)));
  const asDrawn = bestArrangement(drawn, width, height);
  if (asDrawn.cellWidth >= MIN_CELL.width && asDrawn.cellHeight >= MIN_CELL.height) return limited(asDrawn);
  let best = asDrawn;
  for (let columns = 3; columns <= 12; columns++) {
    const packed = bestArrangement(zones.map((zone) => packedZone(zone, tables.filter((table) => table.zone === zone), columns)), width, height);
    if (score(packed) > score(best)) best = packed;
  }
  return limited(best);
}

/** The largest room first; the same on every device, whatever order the tables came in. */
function zonesOf(tables: readonly TableState[]): readonly string[] {
  const sizes = new Map<string, number>();
  for (const { zone } of tables) sizes.set(zone, (sizes.get(zone) ?? 0) + 1);
  return [...sizes].sort(([a, many], [b, more]) => more - many || a.localeCompare(b, "en")).map(([zone]) => zone);
}

/** As the eye and the Tab key go: by row, then by column. */
function inReadingOrder(a: TableState, b: TableState): number {
  return a.y - b.y || a.x - b.x || a.name.localeCompare(b.name, "en", { numeric: true });
}

/** Empty rows and columns of the drawing are left out. */
function drawnZone(zone: string, tables: readonly TableState[]): ZonePlan {
  const xs = ranks(tables.map((table) => table.x));
  const ys = ranks(tables.map((table) => table.y));
  const placed = tables.toSorted(inReadingOrder).map((table) => ({ table, column: xs.indexOf(table.x), row: ys.indexOf(table.y) }));
  const spots = new Set(placed.map(({ column, row }) => `${column},${row}`));
  // Two tables drawn on one spot would hide each other.
  if (spots.size < tables.length) return packedZone(zone, tables, Math.ceil(Math.sqrt(tables.length * 1.5)));
  return { zone, columns: xs.length, rows: ys.length, tables: placed };
}

function packedZone(zone: string, tables: readonly TableState[], columns: number): ZonePlan {
  const used = Math.min(columns, tables.length);
  const inOrder = tables.toSorted(inReadingOrder);
  return { zone, columns: used, rows: Math.ceil(tables.length / used), tables: inOrder.map((table, i) => ({ table, column: i % used, row: Math.floor(i / used) })) };
}

function ranks(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function bestArrangement(zones: readonly ZonePlan[], width: number, height: number): FloorPlan {
  let best: FloorPlan = { rows: [zones], cellWidth: 0, cellHeight: 0 };
  for (const rows of arrangements(zones)) {
    const cellWidth = Math.min(...rows.map((row) => (width - GAP * 3 * (row.length - 1)) / Math.max(1, row.reduce((sum, zone) => sum + zone.columns, 0))));
    const cellHeight = (height - rows.length * (LABEL + GAP)) / Math.max(1, rows.reduce((sum, row) => sum + Math.max(...row.map((zone) => zone.rows)), 0));
    const plan = { rows, cellWidth, cellHeight };
    if (score(plan) > score(best)) best = plan;
  }
  return best;
}

/** Every way of cutting the zones into consecutive rows; a place with more than eight zones gets them one below the other or all beside each other. */
function arrangements(zones: readonly ZonePlan[]): readonly (readonly (readonly ZonePlan[])[])[] {
  if (zones.length > 8) return [[zones], zones.map((zone) => [zone])];
  return Array.from({ length: 2 ** Math.max(0, zones.length - 1) }, (_, cuts) => {
    const rows: ZonePlan[][] = [[]];
    for (const [i, zone] of zones.entries()) {
      if (i > 0 && (cuts >> (i - 1)) & 1) rows.push([]);
      rows.at(-1)?.push(zone);
    }
    return rows;
  });
}

function score(plan: FloorPlan): number {
  return Math.min(plan.cellWidth / 1.25, plan.cellHeight);
}

function limited(plan: FloorPlan): FloorPlan {
  return { ...plan, cellWidth: Math.min(plan.cellWidth, MAX_CELL.width), cellHeight: Math.min(plan.cellHeight, MAX_CELL.height) };
}
