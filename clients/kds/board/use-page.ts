import { useEffect, useState, type RefObject } from "react";

/** The oldest are on the first page: a page that nobody looks through any more goes back there. */
const BACK_AFTER_MS = 30_000;

/** Turned pages go round. */
export function usePage(pages: number, touchedAt: RefObject<number>): readonly [number, () => void] {
  const [wished, setPage] = useState(0);
  const page = Math.min(wished, pages - 1);
  useEffect(() => {
    if (page === 0) return undefined;
    const timer = setInterval(() => {
      if (performance.now() - touchedAt.current > BACK_AFTER_MS) setPage(0);
    }, 1000);
    return () => clearInterval(timer);
  }, [page, touchedAt]);
  return [page, () => setPage((page + 1) % pages)];
}
