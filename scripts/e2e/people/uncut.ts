import type { Locator } from "@playwright/test";

/** What does not show all of its words: an amount that lost its last digit is another amount. */
export function cutIn(pane: Locator): Promise<readonly string[]> {
  return pane.evaluate((root) =>
    [...root.querySelectorAll<HTMLElement>("button, button *, b, h2")]
      .filter((each) => each.clientWidth > 0 && getComputedStyle(each).display !== "inline" && each.scrollWidth > each.clientWidth)
      .map((each) => each.textContent ?? ""),
  );
}

/** Whether all of it is on the screen, without scrolling, and nothing lies over it. */
export function isInSight(target: Locator): Promise<boolean> {
  return target.evaluate((element) => {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    const onTop = document.elementFromPoint(left + width / 2, top + height / 2);
    // What is disabled lets a touch through to what holds it.
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && onTop !== null && (element.contains(onTop) || onTop.contains(element));
  });
}
