import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { useHub, useSession, useSignedIn } from "../../kit/hooks.ts";
import { whatWasDone, whoDid } from "../../kit/words/check-events.ts";

/** What somebody else has just done to these checks. */
export type Others = { readonly count: number; readonly who: string; readonly what: string; readonly shares: ReadonlySet<string> };

const NOBODY: Others = { count: 0, who: "", what: "", shares: new Set() };
const SHOWN_MS = 6000;

/** Screen rule 9: the other's change, named by person. */
export function useOthers(checks: readonly string[]): Others {
  const hub = useHub();
  const me = useSignedIn()?.staff?.id;
  const { pairing } = useSession();
  const people = useQuery({ queryKey: ["people", pairing?.device], queryFn: () => hub.session.people(), staleTime: 60_000, retry: false });
  const names = useMemo(() => new Map((people.data?.people ?? []).map((person) => [`staff:${person.staff}`, person.name])), [people.data]);
  const [others, setOthers] = useState(NOBODY);
  const key = checks.join();

  useEffect(() => {
    const watched = new Set(key.split(","));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = hub.world.onFrame((frame) => {
      const events = frame.events.filter((event) => watched.has(event.subject) && event.actor !== `staff:${me ?? ""}`);
      const told = events.find((event) => whatWasDone(event) !== null);
      const what = told ? whatWasDone(told) : null;
      if (!told || what === null) return;
      setOthers(({ count }) => ({ count: count + 1, who: whoDid(told, names), what, shares: new Set(events.flatMap(touchedShares)) }));
      clearTimeout(timer);
      timer = setTimeout(() => setOthers(({ count }) => ({ ...NOBODY, count })), SHOWN_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [hub, key, me, names]);
  return others;
}

function touchedShares(event: EventEnvelope): readonly string[] {
  if (event.type !== "sale.check.updated" && event.type !== "sale.check.merged" && event.type !== "sale.check.rolledBack") return [];
  return [...event.data.added, ...event.data.changed].map((share) => share.share);
}
