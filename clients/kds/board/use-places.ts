import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { isWorthTidying, keep, NO_PLACES, pageCount, samePlaces, tidy, type BoardSize, type Card, type Places } from "./arrange.ts";
import { cardOf, Restless, sameNeed, type Measured } from "./need.ts";
import { tidyIn } from "./press-guard.ts";

export type BoardCard = {
  readonly id: string;
  /** Until it has been measured. */
  readonly estimate: Measured;
  /** Counted when it waits on another page; held ones are not. */
  readonly counted: boolean;
};

type Placing = {
  readonly places: Places;
  /** Larger than the whole board: not all of them can be seen at once. */
  readonly overflowing: ReadonlySet<string>;
  readonly measure: (id: string, need: Measured) => void;
};

/** Kept, unless the first page is worked off while others wait: then nobody is there whom a move could disturb. */
function settled(before: Places, wanted: readonly Card[], board: BoardSize, cards: readonly BoardCard[]): Places {
  const kept = keep(before, wanted, board);
  const spent = pageCount(kept) > 1 && !cards.some(({ id, counted }) => counted && kept.get(id)?.page === 0);
  if (!spent) return kept;
  const tidied = tidy(wanted, board);
  return samePlaces(kept, tidied) ? kept : tidied;
}

/** Where each card stands. What is drawn is measured before it is painted, so estimates are never seen. */
export function usePlaces(cards: readonly BoardCard[], board: BoardSize | null, touchedAt: RefObject<number>): Placing {
  const [needs, setNeeds] = useState<ReadonlyMap<string, Measured>>(new Map());
  const [places, setPlaces] = useState<Places>(NO_PLACES);
  const gapSince = useRef<number | null>(null);

  const restless = useRef(new Restless());
  const measured = useRef<ReadonlyMap<string, Measured>>(needs);
  const remember = useCallback((all: ReadonlyMap<string, Measured>) => {
    measured.current = all;
    setNeeds(all);
  }, []);
  const measure = useCallback(
    (id: string, need: Measured) => {
      if (sameNeed(measured.current.get(id), need) || restless.current.is(id, performance.now())) return;
      remember(new Map(measured.current).set(id, need));
    },
    [remember],
  );

  const wanted = board ? cards.map(({ id, estimate }) => cardOf(id, needs.get(id) ?? estimate, board)) : [];
  const next = board ? settled(places, wanted, board, cards) : places;
  if (next !== places) setPlaces(next);

  const untidy = board !== null && isWorthTidying(next, wanted, board);
  const close = useRef<() => void>(() => undefined);
  useEffect(() => {
    close.current = () => board && setPlaces(tidy(wanted, board));
  });

  useEffect(() => {
    if (!untidy) {
      gapSince.current = null;
      return undefined;
    }
    gapSince.current ??= performance.now();
    const since = gapSince.current;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const left = tidyIn(performance.now(), touchedAt.current, since);
      timer = setTimeout(() => (tidyIn(performance.now(), touchedAt.current, since) > 0 ? wait() : close.current()), left);
    };
    wait();
    return () => clearTimeout(timer);
  }, [untidy, touchedAt]);

  useEffect(() => {
    const gone = [...needs.keys()].filter((id) => !cards.some((card) => card.id === id));
    if (gone.length > 20) remember(new Map([...needs].filter(([id]) => !gone.includes(id))));
  }, [cards, needs, remember]);

  const overflowing = new Set(wanted.filter(({ columns }) => columns > (board?.columns ?? Infinity)).map(({ id }) => id));
  return { places: next, overflowing, measure };
}

