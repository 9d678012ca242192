import { IconHandStop } from "@tabler/icons-react";
import { timeOfDay } from "../../kit/format.ts";
import { useMerchant } from "../../kit/hooks.ts";
import classes from "./order-pane.module.css";
import type { CourseLines } from "./order-lines.ts";

type CourseHeaderProps = { readonly course: CourseLines; readonly hold: boolean; readonly onHold: (hold: boolean) => void };

export function CourseHeader({ course, hold, onHold }: CourseHeaderProps) {
  const merchant = useMerchant();
  const hasUnsent = course.lines.some((line) => line.status === "entered");
  const canChoose = hasUnsent && course.status === "unsent";
  return (
    <div className={classes["course"]}>
      <span>Course {course.course}</span>
      {course.status === "fired" && course.firedAt && merchant ? <small>fired {timeOfDay(course.firedAt, merchant.zone)}</small> : null}
      {course.status === "held" ? <small>held</small> : null}
      {canChoose ? (
        <button type="button" className={classes["hold"]} aria-pressed={hold} aria-label={`Hold course ${course.course}`} onClick={() => onHold(!hold)}>
          <IconHandStop size={18} aria-hidden />
          {hold ? "Will be held" : "Hold"}
        </button>
      ) : null}
    </div>
  );
}
