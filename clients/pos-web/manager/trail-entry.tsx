import { Button, Group, Table, Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useMerchant } from "../../kit/hooks.ts";
import { eventInWords, inShort, rightInWords, valueInWords } from "../../kit/words/trail.ts";
import type { Outputs } from "../parts/use-hub-query.ts";
import own from "./trail.module.css";

type Entry = Outputs["operation"]["trail"]["entries"][number];
type EntryProps = { readonly entry: Entry; readonly onOpen: (stream: string, title: string) => void };

const SHORT = 120;
const FIELDS = 5;
/** Of people and devices there is a trail as well; not of the hub and its consumers. */
const HAS_TRAIL = /^(stf|dev)_/;

/** One event: a line that says what it was; opened, all that is known of it, whole. */
export function TrailEntry({ entry, onOpen }: EntryProps) {
  const zone = useMerchant()?.zone ?? "UTC";
  const [open, setOpen] = useState(false);
  const id = useId();
  const { actor, device, capability, addressHash, changes } = entry;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <Table.Tr className={own["entry"] ?? ""}>
        <Table.Td>
          <Button variant="subtle" h={48} px={6} aria-expanded={open} aria-controls={id} aria-label={`Entry ${entry.version}, ${eventInWords(entry.type)}: all of it`} leftSection={<Chevron size={18} />} onClick={() => setOpen(!open)}>{entry.version}</Button>
        </Table.Td>
        <Table.Td>{placeTime(entry.recordedAt, zone)}</Table.Td>
        <Table.Td>
          <b>{actor.name ?? actor.id}</b>{device === null || device.id === actor.id ? null : <span>, on {device.name ?? device.id}</span>}
          {capability === null ? null : <small>{rightInWords(capability)}</small>}
          {addressHash === null ? null : <small>address {addressHash.slice(0, 6)}…</small>}
        </Table.Td>
        <Table.Td>{eventInWords(entry.type)}{entry.link === null ? <small>not chained yet</small> : null}</Table.Td>
        <Table.Td>
          {changes.length === 0 ? <div>{inShort(valueInWords(entry.data, "line"), SHORT)}</div> : null}
          {changes.slice(0, FIELDS).map(({ field, before, after }) => <div key={field}><b>{inShort(field, SHORT)}</b>: {inShort(valueInWords(before, "line"), SHORT)} → {inShort(valueInWords(after, "line"), SHORT)}</div>)}
          {changes.length > FIELDS ? <small>and {changes.length - FIELDS} more</small> : null}
        </Table.Td>
      </Table.Tr>
      <Table.Tr id={id} hidden={!open}>
        <Table.Td colSpan={5}>{open ? <Whole entry={entry} zone={zone} onOpen={onOpen} /> : null}</Table.Td>
      </Table.Tr>
    </>
  );
}

function Whole({ entry, zone, onOpen }: EntryProps & { readonly zone: string }) {
  const { actor, device, changes } = entry;
  const others = [actor, ...(device === null || device.id === actor.id ? [] : [device])].filter(({ id }) => HAS_TRAIL.test(id));
  const facts: readonly (readonly [string, string | null])[] = [
    ["Happened", placeTime(entry.occurredAt, zone)], ["Recorded", placeTime(entry.recordedAt, zone)], ["By", actor.id], ["Device", device?.id ?? null], ["Right", entry.capability],
    ["Address, keyed hash", entry.addressHash], ["Event", `${entry.event}, ${entry.type}`], ["Command", entry.command], ["Belongs to", entry.correlation], ["Follows from", entry.causation], ["Trace", entry.trace],
    ["Link of the chain", entry.link ?? "not yet"],
  ];
  return (
    <div className={own["whole"]} role="group" aria-label={`All of entry ${entry.version}`}>
      {changes.length === 0 ? null : (
        <div className={own["changes"]}>
          <b>Field</b><b>Before</b><b>After</b>
          {changes.map(({ field, before, after }) => [<span key={`${field} name`}>{field}</span>, <Value key={`${field} before`} value={before} />, <Value key={`${field} after`} value={after} />])}
        </div>
      )}
      <Text fw={700} mt="sm">What the event says</Text>
      <Value value={entry.data} />
      <dl className={own["facts"]}>
        {facts.map(([name, value]) => (value === null ? null : <div key={name}><dt>{name}</dt><dd>{value}</dd></div>))}
      </dl>
      <Group gap="sm">{others.map((other) => <Button key={other.id} h={48} variant="default" onClick={() => onOpen(other.id, other.name ?? other.id)}>Audit of {other.name ?? other.id}</Button>)}</Group>
    </div>
  );
}

function Value({ value }: { readonly value: unknown }) {
  return <pre className={own["value"]}>{valueInWords(value, "block")}</pre>;
}

/** To the second: what happened within a minute has an order, too. */
function placeTime(iso: string, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "medium", timeStyle: "medium" }).format(new Date(iso));
}
