import { Button, Group, Table, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { commitmentInWords } from "#shared/domain/erased.ts";
import { failureOf } from "../../kit/api.ts";
import { dayAndTime } from "../../kit/format.ts";
import { useHub, useMerchant } from "../../kit/hooks.ts";
import { failureInWords } from "../../kit/words/failures.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import classes from "./manager-screen.module.css";
import own from "./operation-screen.module.css";

type Trail = Outputs["operation"]["trail"];
const LONGEST_SHOWN = 120;

/** Everything that happened to one thing, by its id: who, when, what it was before and after. */
export function AuditTrail() {
  const hub = useHub();
  const zone = useMerchant()?.zone ?? "UTC";
  const [typed, setTyped] = useState("");
  const [stream, setStream] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const trail = useHubQuery<Trail>("operation.trail", { stream, after: 0 }, { enabled: stream !== null });
  const found = trail.isError ? undefined : trail.data;

  async function save() {
    if (stream === null) return;
    setSaving(true);
    try {
      const entries: Trail["entries"] = [];
      for (let after: number | null = 0; after !== null; ) {
        const page: Trail = await hub.api.query<Trail>("operation.trail", { stream, after }, await hub.token());
        entries.push(...page.entries);
        after = page.next;
      }
      download(`${stream}.json`, commitmentInWords(JSON.stringify({ stream, entries }, null, 2)));
    } catch (error) {
      notifications.show({ color: "chili", title: "No file", message: failureInWords(failureOf(error)), withBorder: true });
    }
    setSaving(false);
  }

  return (
    <section className={classes["box"]} aria-label="Audit">
      <h2 className={classes["title"]}>Audit</h2>
      <form onSubmit={(event) => { event.preventDefault(); setStream(typed.trim() === "" ? null : typed.trim()); }}>
        <Group align="end">
          <TextInput style={{ flex: 1 }} label="Id of an order, bill, payment, person, product …" placeholder="chk_…" value={typed} maxLength={130} onChange={(event) => setTyped(event.currentTarget.value)} />
          <Button type="submit" h={48} disabled={typed.trim() === ""}>Show</Button>
          <Button h={48} variant="default" leftSection={<IconDownload size={20} />} disabled={!found || stream === null} loading={saving} onClick={() => void save()}>All of it as a file</Button>
        </Group>
      </form>
      {stream !== null && trail.isError ? <Text role="alert" c="chili.7" mt="sm">{failureInWords(failureOf(trail.error))}</Text> : null}
      {stream === null || !found ? null : (
        <div className={own["scroll"]}>
          <Table fz={14} verticalSpacing={6} mt="sm" className={own["trail"] ?? ""}>
            <Table.Thead><Table.Tr><Table.Th>#</Table.Th><Table.Th>When</Table.Th><Table.Th>Who</Table.Th><Table.Th>What</Table.Th><Table.Th>Before and after</Table.Th><Table.Th>Chained</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {found.entries.map((entry) => (
                <Table.Tr key={entry.event} style={{ verticalAlign: "top" }}>
                  <Table.Td>{entry.version}</Table.Td>
                  <Table.Td>{dayAndTime(new Date(entry.recordedAt), zone)}</Table.Td>
                  <Table.Td title={entry.capability ?? undefined}>{entry.actor.name ?? entry.actor.id}{entry.device === null || entry.device.id === entry.actor.id ? "" : `, on ${entry.device.name ?? entry.device.id}`}</Table.Td>
                  <Table.Td>{entry.type}</Table.Td>
                  <Table.Td>{entry.changes.map((each) => <div key={each.field}><b>{each.field}</b>: {shown(each.before)} → {shown(each.after)}</div>)}</Table.Td>
                  <Table.Td>{entry.link === null ? "not yet" : entry.link.slice(0, 8)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {found.next === null ? null : <Text c="var(--ink-3)">More of it is in the file.</Text>}
        </div>
      )}
    </section>
  );
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "–");
  const read = commitmentInWords(text);
  return value === null ? "–" : read.length > LONGEST_SHOWN ? `${read.slice(0, LONGEST_SHOWN)}…` : read;
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = window.document.createElement("a");
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
