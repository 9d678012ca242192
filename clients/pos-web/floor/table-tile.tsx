import { IconChefHat, IconCircleCheck, IconClock, IconHandStop, IconPencil, IconReceipt2, IconUsers } from "@tabler/icons-react";
import { memo } from "react";
import type { PartyView, TableView } from "#shared/domain/floor/floor-view.ts";
import { sameJson } from "#shared/domain/same.ts";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { tableName } from "../../kit/words/tables.ts";
import classes from "./table-tile.module.css";
import { describeParty, standing } from "./standing.ts";

export type TableTileProps = { readonly view: TableView; readonly colors: ReadonlyMap<string, string>; readonly column: number; readonly row: number; readonly onOpen: (view: TableView) => void };

/** Views are made anew with every event of the place; of forty tables one has changed. */
export const TableTile = memo(Tile, (a, b) => a.column === b.column && a.row === b.row && a.colors === b.colors && a.onOpen === b.onOpen && sameJson(a.view, b.view));

function Tile({ view, colors, column, row, onOpen }: TableTileProps) {
  const { table, parties } = view;
  const [party] = parties;
  const state = party ? standing(party) : "free";
  const unsent = parties.reduce((sum, each) => sum + (each.order?.unsent ?? 0), 0);
  return (
    <button
      type="button"
      className={classes["tile"]}
      data-state={state}
      data-shape={table.shape}
      style={{ gridColumn: column, gridRow: row }}
      aria-label={tableName(table.name)}
      aria-description={parties.length === 0 ? `free, ${table.seats} seats` : parties.map(describeParty).join("; ")}
      onClick={() => onOpen(view)}
    >
      <span className={classes["top"]}>
        <b>{table.name}</b>
        {party ? (
          <span className={classes["minutes"]}>
            <IconClock size={14} aria-hidden />
            {party.minutes}
          </span>
        ) : null}
      </span>
      {party ? <Occupied party={party} unsent={unsent} more={parties.length - 1} color={colors.get(party.server.staff) ?? "#6f6355"} /> : <span className={classes["seats"]}>{table.seats === 1 ? "1 seat" : `${table.seats} seats`}</span>}
    </button>
  );
}

function Occupied({ party, unsent, more, color }: { readonly party: PartyView; readonly unsent: number; readonly more: number; readonly color: string }) {
  const state = standing(party);
  const course = party.order?.course;
  return (
    <>
      <span className={classes["middle"]}>
        <PersonBadge name={party.server.name} color={color} size={24} />
        {unsent > 0 ? (
          <span className={classes["unsent"]}>
            <IconPencil size={14} aria-hidden />
            {unsent}
          </span>
        ) : null}
        <span className={classes["covers"]}>
          <IconUsers size={15} aria-hidden />
          {party.covers}
          {more > 0 ? ` +${more}` : ""}
        </span>
      </span>
      <span className={classes["foot"]} data-state={state}>
        {state === "paid" ? <IconCircleCheck size={15} aria-hidden /> : state === "bill" ? <IconReceipt2 size={15} aria-hidden /> : course ? <IconChefHat size={15} aria-hidden /> : party.order?.held ? <IconHandStop size={15} aria-hidden /> : null}
        {state === "paid" ? "Paid" : state === "bill" ? (party.order?.billOutdated ? "Bill old" : "Bill") : course ? <CourseStanding course={course.course} of={course.ready === course.of ? "ready" : `${course.ready} of ${course.of}`} /> : party.order?.held ? <CourseStanding course={party.order.held} of="held" /> : "Seated"}
      </span>
    </>
  );
}

/** "Course 2: 0 of 1"; where the tile is too narrow for the word, the picture before it says what is counted. */
function CourseStanding({ course, of }: { readonly course: number; readonly of: string }) {
  return (
    <span>
      <span className={classes["word"]}>Course </span>
      {course}: {of}
    </span>
  );
}
