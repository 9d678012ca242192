import type { AllDay } from "../tickets/all-day.ts";
import classes from "./all-day-bar.module.css";

/** What is to be made in all, over every ticket of the station. */
export function AllDayBar({ counts }: { readonly counts: readonly AllDay[] }) {
  return (
    <section className={classes["bar"]} aria-label="All day">
      <h2 className={classes["title"]}>All day</h2>
      {counts.length === 0 ? <span className={classes["none"]}>nothing to make</span> : null}
      <ul className={classes["counts"]}>
        {counts.map(({ key, quantity, name, variant }) => (
          <li key={key} className={classes["count"]}>
            <b>{quantity}</b> {name}
            {variant ? <span> {variant}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
