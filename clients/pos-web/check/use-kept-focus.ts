import { useEffect, type RefObject } from "react";
import { isNowhere } from "../../kit/ui/focus-home.ts";
import { afterPaint } from "./after-paint.ts";

/** Given to what the keyboard goes to, with `tabIndex={-1}`: of the pane, or of the screen around it. */
export const FOCUS_HOME = { tabIndex: -1, "data-focus-home": true } as const;
const PANE = "aside";
/** So long a button may be busy, and disabled, before the keyboard leaves it. */
const BUSY_MS = 700;

/** What the keyboard stands on often goes with what it did: a selection, a button, a pane. Then it goes to the heading of where it stood, and on entering to the screen's. */
export function useKeptFocus(screen: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = screen.current;
    if (!root) return;
    let last: HTMLElement | null = null;
    let inPane = false;
    let awaited: (() => void) | null = null;
    let busy: ReturnType<typeof setTimeout> | undefined;

    function take({ target }: FocusEvent) {
      if (!(target instanceof HTMLElement)) return;
      last = target;
      inPane = target.closest(PANE) !== null;
    }
    function settle(waited: boolean) {
      clearTimeout(busy);
      if (!isNowhere() || document.querySelector('[role="dialog"], [role="menu"]')) return;
      if (last?.isConnected === true && !waited) {
        // One that is not even busy was left on purpose.
        if (last.matches(":disabled")) busy = setTimeout(() => settle(true), BUSY_MS);
        return;
      }
      const homes = [waited ? last : null, inPane ? root?.querySelector<HTMLElement>(`${PANE} [data-focus-home]`) : null, root?.querySelector<HTMLElement>("[data-focus-home]")];
      homes.find((home) => home?.isConnected === true && !home.matches(":disabled"))?.focus({ preventScroll: true });
    }
    function look() {
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
  }, [screen]);
}
