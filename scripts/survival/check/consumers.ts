import type { TransactionSql } from "#hub/db/client.ts";
import type { Finding } from "./history.ts";

/** RUN-4: no outage is an event's fault: nothing was parked for good and nothing died. */
export async function checkConsumers(tx: TransactionSql): Promise<Finding[]> {
  const parked = await tx<{ consumer_group: string; shard: number; position: bigint }[]>`select consumer_group, shard, position from parked_events`;
  const dead = await tx<{ consumer_group: string; event_type: string; event_id: string; reason: string }[]>`select consumer_group, event_type, event_id, reason from dead_letters`;
  return [
    ...parked.map(({ consumer_group, shard, position }) => `${consumer_group} has parked ${shard}/${position}`),
    ...dead.map(({ consumer_group, event_type, event_id, reason }) => `${consumer_group} has given up ${event_type} ${event_id}: ${reason}`),
    ...(await checkCheckpoints(tx)),
  ];
}

/** Each consumer has come to the end of the log. */
export async function checkCheckpoints(tx: TransactionSql): Promise<Finding[]> {
  const behind = await tx<{ consumer_group: string; shard: number; position: bigint; head: bigint }[]>`
    select c.consumer_group, c.shard, c.position, h.head from consumer_checkpoints c join log_heads() h using (shard) where c.position <> h.head`;
  return behind.map(({ consumer_group, shard, position, head }) => `${consumer_group} stands at ${shard}/${position}, the log at ${head}`);
}

/** Whether the finding is of a consumer that has not come to the end of the log. */
export function saysBehind(finding: Finding): boolean {
  return /^\S+ stands at \d+\/\d+, the log at \d+$/.test(finding);
}
