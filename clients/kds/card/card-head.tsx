import { IconAlertTriangleFilled, IconClock, IconFlameFilled, IconHandStop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useHubTime } from "../../kit/clock.ts";
import { timerText } from "../../kit/format.ts";
import { useHub } from "../../kit/hooks.ts";
import { useSettings } from "../screen/screen.tsx";
import { AGE_LIMITS, stageOf } from "../tickets/ages.ts";
import classes from "./card-head.module.css";

/** Colour is never alone: each stage has its shape and its word for readers. */
const STAGES = {
  fresh: { icon: IconClock, word: "in time" },
  warning: { icon: IconAlertTriangleFilled, word: "getting late" },
  late: { icon: IconFlameFilled, word: "late" },
} as const;

type CardHeadProps = {
  readonly label: string;
  /** It is a table's name: "5" alone would be taken for a number of something. */
  readonly table: boolean;
  /** Null while held: no timer. */
  readonly firedAt: string | null;
  /** "12", or "12 + 14". */
  readonly numbers: string;
  readonly details: string;
  readonly marks: ReactNode;
};

export function CardHead({ label, table, firedAt, numbers, details, marks }: CardHeadProps) {
  const { clock } = useHub();
  const { pace } = useSettings();
  const stage = useHubTime(clock, 1000, (now) => (firedAt === null ? "held" : stageOf(now - Date.parse(firedAt), AGE_LIMITS[pace])));
  return (
    <header className={classes["head"]} data-fixed data-stage={stage}>
      <div className={classes["top"]}>
        <h2 className={classes["label"]} data-long={label.length > 7}>
          {table ? <small>Table </small> : null}
          {label}
        </h2>
        {stage === "held" || firedAt === null ? (
          <span className={classes["held"]}>
            <IconHandStop size={34} aria-hidden /> HELD
          </span>
        ) : (
          <Timer firedAt={firedAt} stage={stage} />
        )}
      </div>
      <div className={classes["details"]}>
        <b>#{numbers}</b>
        <span>{details}</span>
      </div>
      {marks}
    </header>
  );
}

function Timer({ firedAt, stage }: { readonly firedAt: string; readonly stage: keyof typeof STAGES }) {
  const { clock } = useHub();
  const { icon: Shape, word } = STAGES[stage];
  const age = useHubTime(clock, 1000, (now) => timerText(now - Date.parse(firedAt)));
  return (
    <span className={classes["timer"]} role="timer" aria-label={`${age}, ${word}`}>
      {age}
      <Shape size={36} aria-hidden />
    </span>
  );
}
