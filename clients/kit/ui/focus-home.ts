/** What the keyboard goes to when what it stood on is gone: given with `tabIndex={-1}`. */
export const HOME = "[data-focus-home]";

/** Where focus can go back to: null when that is not there any more. */
export type Home = () => HTMLElement | null;

let held: Element | null = null;

/** A button that is busy is disabled, and loses the focus without a word: it is remembered until somebody takes the focus from it. */
export function watchFocus(): () => void {
  const take = ({ target }: FocusEvent) => {
    held = target instanceof Element ? target : null;
  };
  const leave = () => {
    held = null;
  };
  document.addEventListener("focusin", take);
  document.addEventListener("focusout", leave);
  return () => {
    document.removeEventListener("focusin", take);
    document.removeEventListener("focusout", leave);
  };
}

/** What focus goes back to: the element that has it, or, of a menu's entry that is gone with its menu, the button that had opened the menu. */
export function focusHome(): Home {
  const active = isNowhere() ? held : document.activeElement;
  const menu = active?.closest('[role="menu"]')?.getAttribute("aria-labelledby") ?? null;
  return () => {
    if (menu !== null) return document.getElementById(menu);
    return active instanceof HTMLElement && active.isConnected && active !== document.body ? active : null;
  };
}

export function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

const PATIENCE = { times: 10, ms: 50 };

/** Unless somebody has gone elsewhere meanwhile. Never behind a dialog that is open: then that dialog has it. `own`: the dialog that goes. */
export function goHome(homes: readonly Home[], own: Element | null, tries = PATIENCE.times): void {
  if (!isNowhere() && !own?.contains(document.activeElement)) return;
  const above = [...document.querySelectorAll<HTMLElement>('[role="dialog"]')].findLast((dialog) => dialog !== own);
  const there = homes.map((home) => home()).filter((element) => element !== null && (above?.contains(element) ?? true));
  for (const element of [...there, above ?? document.querySelector<HTMLElement>(HOME)]) {
    // Still busy with what the dialog was about.
    if (element?.matches(":disabled") && tries > 0) return void setTimeout(() => goHome(homes, own, tries - 1), PATIENCE.ms);
    element?.focus({ preventScroll: true });
    if (element && element === document.activeElement) return;
  }
}
