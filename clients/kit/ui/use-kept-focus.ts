import { useEffect, type RefObject } from "react";
import { afterPaint } from "../after-paint.ts";
import { isCovered } from "./covered.ts";
import { HOME, isNowhere } from "./focus-home.ts";

/** Given to what the keyboard goes to, with `tabIndex={-1}`: of the section, of the pane, or of the screen around it. */
export const FOCUS_HOME = { tabIndex: -1, "data-focus-home": true } as const;
/** Drawn anew when it is paid, with another heading. */
const PANE = "aside";
/** So long a button may be busy, and disabled, before the keyboard leaves it. */
const BUSY_MS = 700;

/** What the keyboard stands on often goes with what it did: a selection, a button, a pane. Then it goes to the heading of where it stood, and on entering to the screen's. */
export function useKeptFocus(screen: RefObject<HTMLElement | null>): void {
  useEffect(() => (screen.current ? keepFocus(screen.current) : undefined), [screen]);
}

/** As long as nothing covers `root`, a screen or a dialog; one that names no home takes the keyboard itself. Answers how to stop. */
export function keepFocus(root: HTMLElement): () => void {
  let last: HTMLElement | null = null;
  let inPane = false;
  let section: HTMLElement | null = null;
  let wasBusy = false;
  let awaited: (() => void) | null = null;
  let busy: ReturnType<typeof setTimeout> | undefined;

  function take({ target }: FocusEvent) {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    inPane = target.closest(PANE) !== null;
    section = target.closest("section");
    wasBusy = false;
  }
  function settle(waited: boolean) {
    clearTimeout(busy);
    if (!isNowhere() || isCovered(root)) return;
    if (last?.isConnected === true && !waited) {
      if (last.matches(":disabled")) {
        busy = setTimeout(() => settle(true), BUSY_MS);
        return;
      }
      // One that was not even busy was left on purpose.
      if (!wasBusy) return;
    }
    const within = section?.isConnected === true ? section.querySelector<HTMLElement>(HOME) : null;
    const homes = [last, within, inPane ? root.querySelector<HTMLElement>(`${PANE} ${HOME}`) : null, root.querySelector<HTMLElement>(HOME), root];
    homes.find((home) => home?.isConnected === true && !home.matches(":disabled"))?.focus({ preventScroll: true });
  }
  function look() {
    // Seen at once: it may be over before anything is painted.
    wasBusy ||= last?.matches(":disabled") === true;
    awaited ??= afterPaint(() => {
      awaited = null;
      settle(false);
    });
  }

  const changes = new MutationObserver(look);
  changes.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
  root.addEventListener("focusin", take);
  look();
  return () => {
    changes.disconnect();
    root.removeEventListener("focusin", take);
    awaited?.();
    clearTimeout(busy);
  };
}
