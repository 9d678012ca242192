import { Alert, Table, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { dayAndTime } from "../../kit/format.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { ageInWords, alertInWords, durationInWords, processInWords, queueInWords, type OperationStatus } from "../../kit/words/operation.ts";
import { printCauseInWords } from "../../kit/words/printing.ts";
import classes from "./manager-screen.module.css";
import own from "./operation-screen.module.css";

/** Events of no concern to a consumer are passed over within a second: a few that wait are no news. */
const BEHIND = 50;

type Group = OperationStatus["groups"][number];
type FiguresProps = { readonly status: OperationStatus; /** Who has signed in may look at the positions of a consumer's shards. */ readonly onShards?: (group: string) => void };

/** What carries the restaurant, for whoever stands in front of it: nothing here is of a guest, and nothing can be done. */
export function OperationFigures({ status, onShards }: FiguresProps) {
  const { groups, publish, sockets, alerts, printers, atMs } = status;
  const lag = groups.reduce((sum, group) => sum + group.lag, 0);
  const dead = groups.reduce((sum, group) => sum + group.deadLetters, 0);
  const cause = publish.redis === "away" ? "redis-away" : publish.refused !== undefined ? "redis-refuses" : publish.ahead ? "redis-ahead" : null;
  return (
    <>
      <Alerts alerts={alerts} known={atMs !== null} passing={cause === null ? [] : [{ rule: "publishing-stalled", behind: publish.behind, cause }]} />
      <div className={classes["tiles"]}>
        <Tile label="Events" value={`${rate(status.appendedPerSecond)}/s`} note="written to the log" />
        <Tile label="Waiting" value={String(lag)} note={`over ${groups.length} consumers, ${status.processes} ${status.processes === 1 ? "process" : "processes"}`} />
        <Tile label="Given up" value={String(dead)} note="of all places" wrong={dead > 0} />
        <Tile label="Publishing" value={publish.redis !== "up" ? "Redis away" : publish.refused !== undefined ? "Refused" : publish.behind === 0 ? "Up to date" : `${publish.behind} behind`} note={publish.refused === undefined ? "to Redis" : `by Redis: ${publish.refused}`} wrong={cause !== null} />
        <Tile label="Screens" value={String(sockets.open)} note={`open sockets · ${sockets.slow} were too slow`} />
      </div>
      <section className={classes["box"]} aria-label="Consumers">
        <h2 className={classes["title"]}>Consumers</h2>
        <div className={own["scroll"]}>
          <Table fz={15} verticalSpacing={6} miw={900}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Consumer</Table.Th><Table.Th ta="right">Per second</Table.Th><Table.Th ta="right">Waiting</Table.Th><Table.Th ta="right">Oldest</Table.Th><Table.Th ta="right">Age, 95 %</Table.Th>
                <Table.Th ta="right">Failed</Table.Th><Table.Th ta="right">Parked</Table.Th><Table.Th ta="right">Given up</Table.Th><Table.Th>Shards</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{groups.map((group) => <GroupRow key={group.group} group={group} onShards={onShards} />)}</Table.Tbody>
          </Table>
        </div>
      </section>
      <Printers printers={printers} />
      <Queues queues={status.queues} />
    </>
  );
}

/** `passing`: is so now, and no alert unless it lasts. */
function Alerts({ alerts, known, passing }: { readonly alerts: OperationStatus["alerts"]; readonly known: boolean; readonly passing: OperationStatus["alerts"] }) {
  const zone = useMerchant()?.zone ?? "UTC";
  if (!known) return <Alert color="chili" icon={<IconAlertTriangle />} title="Postgres does not tell" role="alert">The figures below are old.</Alert>;
  if (alerts.length === 0 && passing.length > 0) return <Alert color="saffron" icon={<IconAlertTriangle />} title={passing.map((alert) => alertInWords(alert, zone)).join(" ")} role="status" />;
  if (alerts.length === 0) return <Alert color="basil" icon={<IconCircleCheck />} title="Everything works" />;
  return (
    <Alert color="chili" icon={<IconAlertTriangle />} title={alerts.length === 1 ? "Look at this" : `${alerts.length} things to look at`} role="alert">
      {alerts.map((alert) => <Text key={JSON.stringify(alert)}>{alertInWords(alert, zone)}</Text>)}
    </Alert>
  );
}

function Printers({ printers }: { readonly printers: OperationStatus["printers"] }) {
  const zone = useMerchant()?.zone ?? "UTC";
  return (
    <section className={classes["box"]} aria-label="Printers">
      <h2 className={classes["title"]}>Printers</h2>
      {printers.length === 0 ? <Text c="var(--ink-3)">This place has none.</Text> : null}
      <div className={own["printers"]}>
        {printers.map(({ printer, name, online, cause, since, waiting }) => (
          <div key={printer} className={own["printer"]} data-down={!online}>
            <Text fw={700}>{name}</Text>
            <Text fz={15}>{online ? "no trouble known" : `${printCauseInWords(cause)}, since ${dayAndTime(since, zone)}`}{waiting === 0 ? "" : ` · ${waiting} ${waiting === 1 ? "slip waits" : "slips wait"}`}</Text>
          </div>
        ))}
      </div>
    </section>
  );
}

/** Those in which something waits, or had no room; the others have nothing to tell. */
function Queues({ queues }: { readonly queues: OperationStatus["queues"] }) {
  const shown = queues.filter(({ length, full }) => length > 0 || full > 0).slice(0, 12);
  if (shown.length === 0) return null;
  return (
    <section className={classes["box"]} aria-label="Queues">
      <h2 className={classes["title"]}>Queues</h2>
      <div className={own["scroll"]}>
        <Table fz={15} verticalSpacing={6} miw={620}>
          <Table.Thead>
            <Table.Tr><Table.Th>What waits</Table.Th><Table.Th>Process</Table.Th><Table.Th ta="right">Now</Table.Th><Table.Th ta="right">Room for</Table.Th><Table.Th ta="right">No room</Table.Th></Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ owner, queue, length, bound, full }) => (
              <Table.Tr key={`${owner} ${queue}`}>
                <Table.Td fw={700}>{queueInWords(queue)}</Table.Td>
                <Table.Td>{processInWords(owner)}</Table.Td>
                <Table.Td ta="right" c={length >= bound ? "chili.7" : "var(--ink)"}>{length}</Table.Td>
                <Table.Td ta="right">{bound}</Table.Td>
                <Table.Td ta="right" c={full > 0 ? "chili.7" : "var(--ink)"}>{full}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}

function GroupRow({ group, onShards }: { readonly group: Group; readonly onShards: FiguresProps["onShards"] }) {
  const { lag, oldestMs, p95AgeMs, failedInAMinute, parkedEvents, parkedKeys, parkedMs, deadLetters, shards, owners } = group;
  return (
    <Table.Tr>
      <Table.Td fw={700}>{group.group}{owners === 0 ? <Text span c="chili.7"> · nobody works</Text> : null}</Table.Td>
      <Table.Td ta="right">{rate(group.appliedPerSecond)}</Table.Td>
      <Table.Td ta="right" fw={lag > BEHIND ? 700 : 400}>{lag}</Table.Td>
      <Table.Td ta="right">{oldestMs === null ? "–" : durationInWords(oldestMs)}</Table.Td>
      <Table.Td ta="right">{ageInWords(p95AgeMs)}</Table.Td>
      <Table.Td ta="right" c={failedInAMinute > 0 ? "chili.7" : "var(--ink)"}>{failedInAMinute}</Table.Td>
      <Table.Td ta="right">{parkedMs === null ? 0 : `${parkedEvents} (${parkedKeys} ${parkedKeys === 1 ? "key" : "keys"}), ${durationInWords(parkedMs)}`}</Table.Td>
      <Table.Td ta="right" c={deadLetters > 0 ? "chili.7" : "var(--ink)"}>{deadLetters}</Table.Td>
      <Table.Td>
        {onShards === undefined ? (
          <div role="img" aria-label={shards.map((one) => `shard ${one.shard}: ${one.lag} waiting`).join(", ")}><Shards shards={shards} /></div>
        ) : (
          <UnstyledButton mih={48} aria-label={`Positions of ${group.group}`} onClick={() => onShards(group.group)}><Shards shards={shards} /></UnstyledButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** What waits in each. */
function Shards({ shards }: Pick<Group, "shards">) {
  return (
    <span className={own["shards"]}>
      {shards.map((one) => <span key={one.shard} className={own["shard"]} data-behind={one.lag > BEHIND}>{one.lag > 99 ? "99+" : one.lag}</span>)}
    </span>
  );
}

function Tile({ label, value, note, wrong = false }: { readonly label: string; readonly value: string; readonly note: string; readonly wrong?: boolean }) {
  return (
    <div className={classes["tile"]} data-wrong={wrong}>
      <Text fz={15}>{label}</Text>
      <Text fw={800} className={classes["figure"] ?? ""}>{value}</Text>
      <Text fz={14}>{note}</Text>
    </div>
  );
}

function rate(perSecond: number): string {
  return perSecond >= 10 || perSecond === 0 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}
