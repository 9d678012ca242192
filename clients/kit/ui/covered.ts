/** Of the lock, which lies over everything. */
export const LOCK = { "data-lock": true } as const;

/** Whether the lock, a dialog or a menu lies over `element`: it must not hear what is typed there. */
export function isCovered(element: Element): boolean {
  const above = document.querySelector("[data-lock]") ?? [...document.querySelectorAll('[role="dialog"], [role="menu"]')].at(-1);
  return above !== undefined && !above.contains(element);
}
