import { IconChevronRight } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { onPage, pageCount } from "./arrange.ts";
import classes from "./card-board.module.css";
import { CardSlot } from "./card-slot.tsx";
import { useBoardKeys } from "./use-board-keys.ts";
import { useBoardSize } from "./use-board-size.ts";
import { useLastTouch } from "./use-last-touch.ts";
import { usePage } from "./use-page.ts";
import { usePlaces, type BoardCard } from "./use-places.ts";
import { usePressGuard } from "./use-press-guard.ts";

type CardBoardProps = {
  /** In the order in which they are shown. */
  readonly cards: readonly BoardCard[];
  readonly label: string;
  readonly render: (id: string) => ReactNode;
  readonly onBump: (id: string) => void;
  readonly onRecallLast: () => void;
  /** What is really on the screen now, after each time it was painted. */
  readonly onPainted?: (ids: readonly string[]) => void;
  readonly empty: ReactNode;
  readonly footer: ReactNode;
};

/** Cards in columns that keep their places, in pages, by finger and by bump bar. */
export function CardBoard({ cards, label, render, onBump, onRecallLast, onPainted, empty, footer }: CardBoardProps) {
  const area = useRef<HTMLElement | null>(null);
  const touchedAt = useLastTouch();
  const [board, follow] = useBoardSize();
  const { places, overflowing, measure } = usePlaces(cards, board, touchedAt);
  const pages = pageCount(places);
  const [page, turnPage] = usePage(pages, touchedAt);
  const guard = usePressGuard(area, places, page);
  const { selected, keying } = useBoardKeys({ places, page, bump: onBump, recallLast: onRecallLast, turnPage });
  const shown = onPage(places, page);
  const waiting = cards.filter(({ id, counted }) => counted && places.get(id)?.page !== page).length;
  usePainted(shown, onPainted);

  return (
    <>
      <main className={classes["board"]} aria-label={label} ref={area} {...guard}>
        <div className={classes["area"]} ref={follow}>
          {board
            ? cards.map(({ id }) => {
                const place = places.get(id);
                // The next page is drawn too, unseen: what is on it is measured before it is looked at.
                if (!place || place.page < page || place.page > page + 1) return null;
                return (
                  <CardSlot key={id} id={id} place={place} board={board} hidden={place.page !== page} selected={id === selected} digit={keying ? digitOf(shown, id) : null} overflows={overflowing.has(id)} onMeasured={measure}>
                    {render(id)}
                  </CardSlot>
                );
              })
            : null}
          {cards.length === 0 ? empty : null}
        </div>
      </main>
      <footer className={classes["footer"]}>
        <div className={classes["below"]}>{footer}</div>
        {pages > 1 ? (
          <button type="button" className={classes["pager"]} data-waiting={waiting > 0} onClick={turnPage} aria-label={`Next page, ${waiting} waiting`}>
            {waiting > 0 ? <b>+{waiting} waiting</b> : null}
            <span>
              Page {page + 1} of {pages}
            </span>
            <IconChevronRight size={32} aria-hidden />
          </button>
        ) : null}
      </footer>
    </>
  );
}

function digitOf(shown: readonly string[], id: string): number | null {
  const at = shown.indexOf(id);
  return at >= 0 && at < 9 ? at + 1 : null;
}

/** Two frames on, what was rendered has been painted; a page that nobody can see paints nothing and says nothing until it is looked at again. */
function usePainted(shown: readonly string[], onPainted: ((ids: readonly string[]) => void) | undefined): void {
  useEffect(() => {
    if (!onPainted || shown.length === 0) return undefined;
    let frame = 0;
    const inTwoFrames = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => {
          if (document.visibilityState === "visible") onPainted(shown);
        });
      });
    };
    inTwoFrames();
    document.addEventListener("visibilitychange", inTwoFrames);
    return () => {
      document.removeEventListener("visibilitychange", inTwoFrames);
      cancelAnimationFrame(frame);
    };
    // `shown` is made anew by every render, and every render is painted.
  });
}
