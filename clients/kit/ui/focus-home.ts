/** What focus goes back to: the element that had it, or, of a menu's entry that is gone with its menu, the button that had opened the menu. */
export function focusHome(active: Element | null): () => HTMLElement | null {
  const menu = active?.closest('[role="menu"]')?.getAttribute("aria-labelledby") ?? null;
  return () => {
    if (active instanceof HTMLElement && active.isConnected && active !== document.body && menu === null) return active;
    return menu === null ? null : document.getElementById(menu);
  };
}
