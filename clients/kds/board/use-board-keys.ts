import { useEffect, useEffectEvent, useState } from "react";
import { onPage, type Places } from "./arrange.ts";
import { neighbour, type Direction } from "./neighbour.ts";

const ARROWS: Readonly<Record<string, Direction>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

export type BoardActions = {
  readonly places: Places;
  readonly page: number;
  bump(id: string): void;
  recallLast(): void;
  turnPage(): void;
};

export type BoardKeys = {
  readonly selected: string | null;
  /** Somebody works by keys: the cards show their digits. */
  readonly keying: boolean;
};

/** Keyboard and bump bar: arrows or 1 to 9 select, Enter or Space bumps, R recalls, N turns the page. */
export function useBoardKeys({ places, page, bump, recallLast, turnPage }: BoardActions): BoardKeys {
  const [wished, select] = useState<string | null>(null);
  const [keying, setKeying] = useState(false);
  const selected = wished !== null && places.get(wished)?.page === page ? wished : null;

  function act({ key, repeat, target }: KeyboardEvent): boolean {
    const shown = onPage(places, page);
    const arrow = ARROWS[key];
    if (arrow) select(neighbour(places, page, selected, arrow));
    else if (/^[1-9]$/.test(key)) select(shown[Number(key) - 1] ?? selected);
    else if (key === "Enter" || key === " ") return bumpSelected(shown, repeat, target);
    else if (key === "r" || key === "R") return !repeat && (recallLast(), true);
    else if (key === "n" || key === "N" || key === "PageDown") return !repeat && (turnPage(), true);
    else if (key === "Escape") select(null);
    else return false;
    return true;
  }

  function bumpSelected(shown: readonly string[], repeat: boolean, target: EventTarget | null): boolean {
    // A focused button is pressed by these keys itself.
    if (target instanceof HTMLButtonElement) return false;
    if (repeat) return true;
    if (selected === null) select(shown[0] ?? null);
    else {
      const at = shown.indexOf(selected);
      select(shown[at + 1] ?? shown[at - 1] ?? null);
      bump(selected);
    }
    return true;
  }

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isElsewhere(event.target)) return;
    if (!act(event)) return;
    event.preventDefault();
    setKeying(true);
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    const touched = () => {
      setKeying(false);
      select(null);
    };
    window.addEventListener("keydown", listen);
    window.addEventListener("pointerdown", touched);
    return () => {
      window.removeEventListener("keydown", listen);
      window.removeEventListener("pointerdown", touched);
    };
  }, []);

  return { selected, keying };
}

/** Typing, or in a dialog over the board. */
function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest("input, textarea, [role=dialog]") !== null;
}
