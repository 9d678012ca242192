import { Button, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconUsers } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { failureOf } from "../../kit/api.ts";
import { useHub, useSession } from "../../kit/hooks.ts";
import { demoPlaces } from "../../kit/session/place.ts";
import type { PersonOnDevice } from "../../kit/session/session.ts";
import { ConnectionBanner } from "../../kit/ui/connection-banner.tsx";
import { LOCK } from "../../kit/ui/covered.ts";
import { focusHome, goHome } from "../../kit/ui/focus-home.ts";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { EmptyState, ErrorState, Loading } from "../../kit/ui/states.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import classes from "./lock-screen.module.css";
import { PinPad } from "./pin-pad.tsx";

/** Who are you, and the PIN. Lies over the work, which waits behind it. */
export function LockScreen() {
  const hub = useHub();
  const { pairing } = useSession();
  const people = useQuery({ queryKey: ["people", pairing?.device], queryFn: () => hub.session.people(), staleTime: 30_000, retry: false, refetchInterval: (query) => (query.state.status === "error" ? 2000 : false) });
  const demo = useQuery({ queryKey: ["demo-places"], queryFn: () => demoPlaces(hub.api), enabled: hub.demo !== null, staleTime: Infinity });
  const [person, setPerson] = useState<PersonOnDevice | null>(null);
  // What was being typed behind the lock must not get the PIN.
  const lock = useRef<HTMLDivElement>(null);
  const [home] = useState(focusHome);
  useEffect(() => {
    const own = lock.current;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    // When the work behind can have it again.
    return () => void setTimeout(() => goHome([home], own), 0);
  }, [home]);
  const pins = demo.data?.find((place) => place.id === pairing?.merchant.id)?.people;

  return (
    <div ref={lock} {...LOCK} className={classes["lock"]} role="dialog" aria-modal="true" aria-label="Sign in">
      <ConnectionBanner />
      <div className={classes["content"]}>
        <header className={classes["header"]}>
          <Text fw={700} c="saffron.4" tt="uppercase" fz="sm" style={{ letterSpacing: "0.14em" }}>Comanda</Text>
          <Title order={1} fz={34}>{pairing?.merchant.name}</Title>
        </header>
        {person ? (
          <PinPad person={person} hint={pins?.find((each) => each.name === person.name)?.pin ?? null} onBack={() => setPerson(null)} />
        ) : people.data ? (
          <People people={people.data.people} onPick={setPerson} />
        ) : people.isError ? (
          <ErrorState title="Nobody can sign in yet" text={failureInWords(failureOf(people.error))} onRetry={() => void people.refetch()} />
        ) : (
          <Loading label="Who works here" />
        )}
      </div>
      <footer className={classes["footer"]}>
        <Text fz="sm">{pairing?.deviceName}</Text>
        {hub.demo ? <Button component="a" href="/" variant="subtle" color="sand.2" size="md">Demo start page</Button> : null}
      </footer>
    </div>
  );
}

function People({ people, onPick }: { readonly people: readonly PersonOnDevice[]; readonly onPick: (person: PersonOnDevice) => void }) {
  if (people.length === 0) return <EmptyState icon={<IconUsers size={48} />} title="Nobody works here yet" text="A manager adds people in the settings." />;
  return (
    <>
      <Text fz="lg" c="sand.2">Who are you?</Text>
      <div className={classes["people"]}>
        {people.map((person) => (
          <button key={person.staff} type="button" className={classes["person"]} onClick={() => onPick(person)}>
            <PersonBadge name={person.name} color={person.color} size={64} />
            <span>{person.name}</span>
          </button>
        ))}
      </div>
    </>
  );
}
