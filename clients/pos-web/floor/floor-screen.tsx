import { useElementSize } from "@mantine/hooks";
import { IconLayoutGridAdd } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import type { TableState } from "#shared/domain/floor/state.ts";
import type { TableView } from "#shared/domain/floor/floor-view.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { EmptyState } from "../../kit/ui/states.tsx";
import { useLatest } from "../../kit/use-latest.ts";
import { PrinterTrouble } from "../parts/printer-trouble.tsx";
import { planFloor } from "./floor-plan.ts";
import classes from "./floor-screen.module.css";
import { SeatDialog } from "./seat-dialog.tsx";
import { TableTile } from "./table-tile.tsx";
import { useFloor } from "./use-floor.ts";
import { usePeopleColors } from "./use-people-colors.ts";

/** Screen rule 7. One tap opens what sits at a table, or seats somebody there. */
export function FloorScreen() {
  const navigate = useNavigate();
  const views = useFloor();
  const tables = useAggregates("table");
  const colors = usePeopleColors();
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [asked, setAsked] = useState<{ table: TableState; start: "seat" | "choose" } | null>(null);
  const plan = useMemo(() => planFloor(tables, width, height), [tables, width, height]);
  const viewOf = new Map(views.map((view) => [view.table.id, view]));

  const allParties = useAggregates("party");
  const orderOf = (id: string) => allParties.find((party) => party.id === id)?.order;

  const open = useLatest(({ table, parties }: TableView) => {
    const [party] = parties;
    if (parties.length === 1 && party) void navigate(`/order/${party.order?.order ?? orderOf(party.party) ?? ""}`);
    else setAsked({ table, start: parties.length > 1 ? "choose" : "seat" });
  });

  if (tables.length === 0) return <EmptyState icon={<IconLayoutGridAdd size={48} />} title="No tables yet" text="A manager adds tables in the settings. Takeaway works without." />;
  return (
    <div className={classes["screen"]}>
      <PrinterTrouble />
      <div className={classes["floor"]} ref={ref} style={{ "--cell-width": `${plan.cellWidth}px`, "--cell-height": `${plan.cellHeight}px` }}>
        {width > 0
          ? plan.rows.map((row) => (
              <div key={row.map((zone) => zone.zone).join()} className={classes["row"]}>
                {row.map((zone) => (
                  <section key={zone.zone} aria-label={zone.zone}>
                    <h2 className={classes["zone"]}>{zone.zone}</h2>
                    <div className={classes["grid"]} style={{ gridTemplateColumns: `repeat(${zone.columns}, var(--cell-width))`, gridTemplateRows: `repeat(${zone.rows}, var(--cell-height))` }}>
                      {zone.tables.map(({ table, column, row: line }) => {
                        const view = viewOf.get(table.id);
                        return view ? <TableTile key={table.id} view={view} colors={colors} column={column + 1} row={line + 1} onOpen={open} /> : null;
                      })}
                    </div>
                  </section>
                ))}
              </div>
            ))
          : null}
      </div>
      {asked ? <SeatDialog table={asked.table} start={asked.start} onClose={() => setAsked(null)} /> : null}
    </div>
  );
}
