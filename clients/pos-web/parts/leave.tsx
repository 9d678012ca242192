import { useEffect } from "react";
import { useHref, useLocation, useNavigate, type NavigateOptions } from "react-router";

/**
 * For news and answers that lead away from a screen: only who is still on it goes. The address says so at once, while a screen that somebody has left is
 * there until the next one is drawn, and would take them away from that.
 */
export function useLeave(): (to: string, options?: NavigateOptions) => void {
  const navigate = useNavigate();
  const address = useHref(useLocation().pathname);
  return (to, options) => {
    if (bare(window.location.pathname) === bare(address)) void navigate(to, options);
  };
}

/** Leads away from a screen that has nothing to show. */
export function Leave({ to }: { readonly to: string }) {
  const leave = useLeave();
  useEffect(() => leave(to, { replace: true }));
  return null;
}

function bare(path: string): string {
  return path.replace(/\/$/, "");
}
