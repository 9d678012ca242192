import { useCallback, useState } from "react";
import type { BoardSize } from "./arrange.ts";

export type MeasuredBoard = BoardSize & { readonly columnWidth: number };

const GAP = 14;
/** A label, a timer and 32 px lines have room in this. */
const COLUMN_AT_LEAST = 400;

/** The board as large as its element; null until that is known. */
export function useBoardSize(): readonly [MeasuredBoard | null, (element: HTMLElement | null) => (() => void) | undefined] {
  const [board, setBoard] = useState<MeasuredBoard | null>(null);
  const follow = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const columns = Math.max(1, Math.floor((width + GAP) / (COLUMN_AT_LEAST + GAP)));
      const columnWidth = (width - GAP * (columns - 1)) / columns;
      setBoard((now) => (now?.height === height && now.columnWidth === columnWidth && now.columns === columns ? now : { columns, height, gap: GAP, columnWidth }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [board, follow];
}
