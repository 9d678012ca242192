import { useEffect, useLayoutEffect, useRef, type ReactNode } from "react";
import type { Place } from "./arrange.ts";
import classes from "./card-board.module.css";
import type { Measured } from "./need.ts";
import type { MeasuredBoard } from "./use-board-size.ts";

type CardSlotProps = {
  readonly id: string;
  readonly place: Place;
  readonly board: MeasuredBoard;
  /** On another page. */
  readonly hidden: boolean;
  readonly selected: boolean;
  /** The key that selects it. */
  readonly digit: number | null;
  /** Not all of its lines can be seen at once. */
  readonly overflows: boolean;
  readonly onMeasured: (id: string, need: Measured) => void;
  readonly children: ReactNode;
};

/** Puts one card at its place, and says how much room it needs. Parts marked `data-fixed` stand, those marked `data-line` may flow into columns. */
export function CardSlot({ id, place, board, hidden, selected, digit, overflows, onMeasured, children }: CardSlotProps) {
  const slot = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const need = slot.current && measured(slot.current);
    if (need) onMeasured(id, need);
  });
  useEffect(() => {
    if (selected) slot.current?.querySelector("article")?.focus({ preventScroll: true });
  }, [selected]);
  const step = board.columnWidth + board.gap;
  return (
    <div
      ref={slot}
      className={classes["slot"]}
      data-hidden={hidden}
      data-selected={selected}
      data-wide={place.columns > 1}
      style={{
        width: place.columns * step - board.gap,
        height: place.height,
        transform: `translate(${place.column * step}px, ${place.top}px)`,
        "--card-columns": place.columns,
        // Head and lines are as wide in a wide card as in a narrow one: otherwise a wrap less would make it narrow again, for ever.
        "--card-spare": `${(place.columns - 1) * step}px`,
      }}
    >
      {children}
      {overflows ? (
        <button type="button" className={classes["more"]} onClick={() => showMore(slot.current)}>
          More lines ›
        </button>
      ) : null}
      {digit === null ? null : <kbd className={classes["digit"]} aria-hidden>{digit}</kbd>}
    </div>
  );
}

/** A board's width further, and round to the beginning again. */
function showMore(slot: HTMLElement | null): void {
  const flow = slot?.querySelector("[data-flow]");
  if (!flow) return;
  const atEnd = flow.scrollLeft + flow.clientWidth >= flow.scrollWidth - 4;
  flow.scrollTo({ left: atEnd ? 0 : flow.scrollLeft + flow.clientWidth + 20, behavior: "smooth" });
}

function measured(slot: HTMLElement): Measured | null {
  const card = slot.querySelector("article");
  if (!card) return null;
  const fixed = [...card.querySelectorAll<HTMLElement>("[data-fixed]")].reduce((sum, part) => sum + part.offsetHeight, card.offsetHeight - card.clientHeight);
  const lines = [...card.querySelectorAll<HTMLElement>("[data-line]")].map((line) => line.offsetHeight);
  return { fixed, flow: lines.reduce((sum, height) => sum + height, 0), tallest: Math.max(0, ...lines) };
}
