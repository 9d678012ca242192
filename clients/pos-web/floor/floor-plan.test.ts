import { describe, expect, test } from "vitest";
import type { TableState } from "#shared/domain/floor/state.ts";
import { planFloor, type FloorPlan } from "./floor-plan.ts";

const table = (n: number, zone: string, x: number, y: number): TableState => ({ id: `t${n}`, name: String(n), zone, seats: 4, x, y, shape: "square", parties: [] });
const names = (plan: FloorPlan) => plan.rows.flat().flatMap((zone) => zone.tables.map(({ table: each }) => each.name));
const fits = (plan: FloorPlan, width: number, height: number) => {
  const across = Math.max(...plan.rows.map((row) => row.reduce((sum, zone) => sum + zone.columns, 0) * plan.cellWidth));
  const down = plan.rows.reduce((sum, row) => sum + Math.max(...row.map((zone) => zone.rows)) * plan.cellHeight + 26, 0);
  return across <= width && down <= height;
};

describe("screen rule 7: 40 tables at 1024x768 without scrolling", () => {
  const [width, height] = [1000, 640];

  test("in three zones, as drawn", () => {
    const forty = Array.from({ length: 40 }, (_, i) => (i < 20 ? table(i + 1, "Room", i % 5, Math.floor(i / 5)) : i < 32 ? table(i + 1, "Terrace", i % 4, Math.floor((i - 20) / 4)) : table(i + 1, "Bar", i - 32, 0)));
    const plan = planFloor(forty, width, height);
    expect(names(plan)).toHaveLength(40);
    expect(fits(plan, width, height)).toBe(true);
    expect(plan.cellWidth).toBeGreaterThanOrEqual(92);
    expect(plan.cellHeight).toBeGreaterThanOrEqual(76);
  });

  test("drawn so loosely that cells would be too small, they are packed", () => {
    const loose = Array.from({ length: 40 }, (_, i) => table(i + 1, "Room", (i * 7) % 100, (i * 13) % 100));
    const plan = planFloor(loose, width, height);
    expect(fits(plan, width, height)).toBe(true);
    expect(plan.cellWidth).toBeGreaterThanOrEqual(92);
    expect(plan.cellHeight).toBeGreaterThanOrEqual(76);
  });

  test("two tables drawn on one spot are both there", () => {
    expect(names(planFloor([table(1, "Room", 0, 0), table(2, "Room", 0, 0)], width, height))).toEqual(["1", "2"]);
  });

  test("nothing drawn is no mistake", () => {
    expect(planFloor([], width, height).rows).toEqual([[]]);
  });
});
