import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useHub, useSession } from "../../kit/hooks.ts";
import { ConnectionBanner } from "../../kit/ui/connection-banner.tsx";
import { LOCK } from "../../kit/ui/covered.ts";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import type { OperationStatus } from "../../kit/words/operation.ts";
import { OperationFigures } from "../manager/operation-figures.tsx";
import { operationSeen } from "../manager/operation-seen.ts";
import classes from "./watch-screen.module.css";

const LIVE_MS = 2_000;

/** The operator's figures on the wall: nobody is signed in, and whoever wants more than to look needs a PIN. Over with the session of whoever left them. */
export function WatchScreen({ author, onSignIn }: { readonly author: string; readonly onSignIn: () => void }) {
  const hub = useHub();
  const { pairing } = useSession();
  const status = useQuery({
    queryKey: ["watched", author],
    queryFn: async () => hub.api.query<OperationStatus>("operation.status", undefined, await hub.session.token(author)),
    refetchInterval: LIVE_MS,
    retry: false,
  });
  const seen = operationSeen(status);
  return (
    <div {...LOCK} className={classes["watch"]} role="dialog" aria-modal="true" aria-label="Operation, only to look at">
      <ConnectionBanner />
      <header className={classes["header"]}>
        <Text fw={700}>{pairing?.merchant.name}: operation. Nobody is signed in.</Text>
        <Button h={48} onClick={onSignIn}>Sign in</Button>
      </header>
      <div className={classes["figures"]}>
        {seen === "looking" ? <Loading label="Looking" /> : "failure" in seen ? <ErrorState title="Nothing is known" text={failureInWords(seen.failure)} onRetry={() => void status.refetch()} /> : <OperationFigures status={seen} />}
      </div>
    </div>
  );
}
