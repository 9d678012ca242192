import { Button, Group, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { commitmentInWords } from "#shared/domain/erased.ts";
import { failureOf } from "../../kit/api.ts";
import { useHub } from "../../kit/hooks.ts";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import { TrailEntry } from "./trail-entry.tsx";
import own from "./trail.module.css";

type OnOpen = (stream: string, title: string) => void;
type Pages = Outputs["operation"]["trail"];

/** Everything that happened to one thing: who, when, by what right, what it was before and after. `onOpen`: another thing's. */
export function Trail({ stream, onOpen }: { readonly stream: string; readonly onOpen: OnOpen }) {
  const hub = useHub();
  const [saving, setSaving] = useState(false);
  /** The version with which each page before ended. */
  const [afters, setAfters] = useState<readonly number[]>([0]);

  async function save() {
    setSaving(true);
    try {
      const entries: Pages["entries"] = [];
      for (let after: number | null = 0; after !== null; ) {
        const page: Pages = await hub.api.query<Pages>("operation.trail", { stream, after }, await hub.token());
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
    <>
      <Group justify="space-between" my="sm">
        <Text fz={14} c="var(--ink-3)" className={own["id"] ?? ""}>{stream}</Text>
        <Button h={48} variant="default" leftSection={<IconDownload size={20} />} loading={saving} onClick={() => void save()}>All of it as a file</Button>
      </Group>
      <Table fz={15} verticalSpacing={6} className={own["trail"] ?? ""}>
        <Table.Thead><Table.Tr><Table.Th>Nr</Table.Th><Table.Th>When</Table.Th><Table.Th>Who</Table.Th><Table.Th>What</Table.Th><Table.Th>Before and after</Table.Th></Table.Tr></Table.Thead>
        {afters.map((after, i) => (
          <TrailPage key={after} stream={stream} after={after} onOpen={onOpen} onMore={i === afters.length - 1 ? (next) => setAfters([...afters, next]) : undefined} />
        ))}
      </Table>
    </>
  );
}

type TrailPageProps = { readonly stream: string; readonly after: number; readonly onOpen: OnOpen; readonly onMore: ((next: number) => void) | undefined };

function TrailPage({ stream, after, onOpen, onMore }: TrailPageProps) {
  const page = useHubQuery<Pages>("operation.trail", { stream, after });
  if (page.isError) return <Row><ErrorState title="No trail" text={failureInWords(failureOf(page.error))} onRetry={() => void page.refetch()} /></Row>;
  if (!page.data || page.isPlaceholderData) return <Row><Loading label="Reading the trail" /></Row>;
  const { entries, next } = page.data;
  return (
    <>
      <Table.Tbody>{entries.map((entry) => <TrailEntry key={entry.event} entry={entry} onOpen={onOpen} />)}</Table.Tbody>
      {next === null || onMore === undefined ? null : <Row><Button h={48} variant="default" onClick={() => onMore(next)}>Show what happened next</Button></Row>}
    </>
  );
}

function Row({ children }: { readonly children: React.ReactNode }) {
  return <Table.Tbody><Table.Tr><Table.Td colSpan={5}>{children}</Table.Td></Table.Tr></Table.Tbody>;
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = window.document.createElement("a");
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
