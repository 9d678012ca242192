import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useEffect } from "react";
import type { AppRouter } from "#hub/api/router.ts";
import { useHub } from "../../kit/hooks.ts";

export type Report = inferRouterOutputs<AppRouter>["report"]["today"];

const AFTER_FRAMES_MS = 500;
const KEY = ["report", "today"] as const;

/** The day so far. Asked for again when something has happened, half a second after the last of it, and at least every 2 s while it goes on. */
export function useReport() {
  const hub = useHub();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let waitingSince = 0;
    const ask = () => {
      timer = null;
      void queries.invalidateQueries({ queryKey: KEY });
    };
    const stop = hub.world.onFrame(() => {
      if (timer === null) waitingSince = Date.now();
      else if (Date.now() - waitingSince > 2000) return;
      else clearTimeout(timer);
      timer = setTimeout(ask, AFTER_FRAMES_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [hub, queries]);
  return useQuery({ queryKey: KEY, queryFn: async () => hub.api.query<Report>("report.today", undefined, await hub.token()), refetchInterval: 15_000, placeholderData: (last) => last });
}
