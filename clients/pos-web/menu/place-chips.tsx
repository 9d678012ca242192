import classes from "./place-chips.module.css";

export type PlaceChipsProps = {
  /** How many seats the party has; none for a takeaway. */
  readonly seats: number;
  readonly seat: number | null;
  /** Null: the product's own. */
  readonly course: number | null;
  readonly onSeat: (seat: number | null) => void;
  readonly onCourse: (course: number) => void;
  /** Offers "Auto": the product's own course. */
  readonly onAutoCourse?: () => void;
  readonly highestCourse?: number;
};

/** Seat and course, of what is selected or of what comes next. */
export function PlaceChips({ seats, seat, course, onSeat, onCourse, onAutoCourse, highestCourse = 4 }: PlaceChipsProps) {
  return (
    <div className={classes["places"]}>
      {seats > 0 ? (
        <div className={classes["row"]} role="group" aria-label="Seat">
          <span className={classes["label"]}>Seat</span>
          <Chip text="All" label="Shared by all" pressed={seat === null} onClick={() => onSeat(null)} />
          {Array.from({ length: Math.min(seats, 20) }, (_, i) => (
            <Chip key={i} text={String(i + 1)} label={`Seat ${i + 1}`} pressed={seat === i + 1} onClick={() => onSeat(i + 1)} />
          ))}
        </div>
      ) : null}
      <div className={classes["row"]} role="group" aria-label="Course">
        <span className={classes["label"]}>Course</span>
        {onAutoCourse ? <Chip text="Auto" label="Course of the product" pressed={course === null} onClick={onAutoCourse} /> : null}
        {Array.from({ length: Math.max(4, highestCourse) }, (_, i) => (
          <Chip key={i} text={String(i + 1)} label={`Course ${i + 1}`} pressed={course === i + 1} onClick={() => onCourse(i + 1)} />
        ))}
      </div>
    </div>
  );
}

function Chip({ text, label, pressed, onClick }: { readonly text: string; readonly label: string; readonly pressed: boolean; readonly onClick: () => void }) {
  return (
    <button type="button" className={classes["chip"]} aria-pressed={pressed} aria-label={label} onClick={onClick}>
      {text}
    </button>
  );
}
