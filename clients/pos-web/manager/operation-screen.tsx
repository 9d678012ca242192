import { useState } from "react";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import type { OperationStatus } from "../../kit/words/operation.ts";
import { useStaysInSight } from "../lock/in-sight.ts";
import { useHubQuery } from "../parts/use-hub-query.ts";
import { Audit } from "./audit.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { Maintenance } from "./maintenance.tsx";
import classes from "./manager-screen.module.css";
import { OperationFigures } from "./operation-figures.tsx";
import { operationSeen } from "./operation-seen.ts";
import { ShardPositions } from "./shard-positions.tsx";

/** With the hub's own delay a Redis that stands still is seen within five seconds. */
const LIVE_MS = 2_000;

/** What carries the restaurant: how far every consumer is, what failed, what to do about it. */
export function OperationScreen() {
  useStaysInSight();
  const status = useHubQuery<OperationStatus>("operation.status", undefined, { live: LIVE_MS });
  const [shown, setShown] = useState<string | null>(null);
  const seen = operationSeen(status);
  if (seen === "looking") return <Loading label="Looking" />;
  if ("failure" in seen) return <ErrorState title="Nothing is known" text={failureInWords(seen.failure)} onRetry={() => void status.refetch()} />;
  return (
    <div className={classes["today"]}>
      <OperationFigures status={seen} onShards={setShown} />
      <ShardPositions group={seen.groups.find(({ group }) => group === shown)} onClose={() => setShown(null)} />
      <DeadLetters />
      <Maintenance />
      <Audit />
    </div>
  );
}
