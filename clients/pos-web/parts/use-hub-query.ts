import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#hub/api/router.ts";
import { useHub } from "../../kit/hooks.ts";

export type Outputs = inferRouterOutputs<AppRouter>;
export type Inputs = inferRouterInputs<AppRouter>;

/** A read of the hub that is no command: asked for by whoever works here. `live`: asked again every some seconds. */
export function useHubQuery<Output>(path: string, input: unknown, options: { readonly live?: number; readonly enabled?: boolean } = {}) {
  const hub = useHub();
  return useQuery({
    queryKey: [path, input],
    queryFn: async () => hub.api.query<Output>(path, input, await hub.token()),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    ...(options.live === undefined ? {} : { refetchInterval: options.live }),
  });
}
