import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useHub, useSession } from "../../kit/hooks.ts";

/** Each person's colour, by id: known to the device, whoever works on it. */
export function usePeopleColors(): ReadonlyMap<string, string> {
  const hub = useHub();
  const { pairing } = useSession();
  const people = useQuery({ queryKey: ["people", pairing?.device], queryFn: () => hub.session.people(), staleTime: 60_000, retry: false });
  return useMemo(() => new Map((people.data?.people ?? []).map((person) => [person.staff, person.color])), [people.data]);
}
