import { Button, Drawer, Group, Paper, Stack, Text } from "@mantine/core";
import { IconCheck, IconHourglass, IconRubberStamp, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { capabilityFor } from "#shared/domain/approval/subject.ts";
import type { ApprovalState } from "#shared/domain/approval/state.ts";
import { useHubNow } from "../../kit/clock.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useHub, useSignedIn } from "../../kit/hooks.ts";
import { EmptyState } from "../../kit/ui/states.tsx";
import { AgeText } from "../../kit/ui/texts.tsx";
import { useAsks } from "./asks.ts";
import classes from "./approval-bell.module.css";
import { SubjectLines } from "./subject-lines.tsx";

/** What others ask of this person, and what this person waits for: one tap shows it, the second answers (screen rule 10). */
export function ApprovalBell() {
  const { clock } = useHub();
  const who = useSignedIn();
  const now = new Date(useHubNow(clock, 10_000)).toISOString();
  const settle = useAsks((asks) => asks.settle);
  const pending = useAggregates("approval").filter((approval) => approval.status === "pending" && approval.expiresAt > now).sort((a, b) => a.askedAt.localeCompare(b.askedAt));
  const [open, setOpen] = useState(false);
  const own = pending.filter((approval) => approval.askedBy.staff === who?.staff?.id);
  const theirs = pending.filter((approval) => approval.askedBy.staff !== who?.staff?.id && who?.capabilities.includes(capabilityFor(approval.action)));
  if (own.length + theirs.length === 0 && !open) return null;
  const name = theirs.length > 0 ? `${theirs.length} to approve` : `${own.length} waiting for approval`;
  return (
    <>
      <button type="button" className={classes["bell"]} data-mine={theirs.length > 0} aria-label={name} onClick={() => setOpen(true)}>
        {theirs.length > 0 ? <IconRubberStamp size={22} aria-hidden /> : <IconHourglass size={20} aria-hidden />}
        <b>{theirs.length > 0 ? theirs.length : own.length}</b>
        <span>{theirs.length > 0 ? "to approve" : "asked"}</span>
      </button>
      <Drawer opened={open} onClose={() => setOpen(false)} position="right" size={460} title={<Text fz={22} fw={750}>Approvals</Text>}>
        <Stack>
          {theirs.map((approval) => <Theirs key={approval.id} approval={approval} onAnswered={() => (theirs.length + own.length <= 1 ? setOpen(false) : undefined)} />)}
          {own.map((approval) => <Own key={approval.id} approval={approval} onWithdrawn={() => settle(approval.id)} />)}
          {theirs.length + own.length === 0 ? <EmptyState icon={<IconRubberStamp size={40} />} title="Nothing waits" /> : null}
        </Stack>
      </Drawer>
    </>
  );
}

function Theirs({ approval, onAnswered }: { readonly approval: ApprovalState; readonly onAnswered: () => void }) {
  const send = useSend();
  const [busy, setBusy] = useState(false);
  async function answer(type: "approval.grant" | "approval.deny") {
    setBusy(true);
    const { ok } = await send(type, { approval: approval.id });
    setBusy(false);
    if (ok) onAnswered();
  }
  return (
    <Paper withBorder p="md" radius="lg" role="group" aria-label={`${approval.askedBy.name} asks`}>
      <SubjectLines action={approval.action} subject={approval.subject} label={approval.label} by={approval.askedBy.name} />
      <Text c="var(--ink-3)" fz="sm">asked <AgeText since={approval.askedAt} /> ago</Text>
      <Group grow mt="sm">
        <Button size="xl" variant="light" color="chili" loading={busy} leftSection={<IconX size={22} />} onClick={() => void answer("approval.deny")}>No</Button>
        <Button size="xl" color="basil.6" loading={busy} leftSection={<IconCheck size={22} />} onClick={() => void answer("approval.grant")}>Approve</Button>
      </Group>
    </Paper>
  );
}

function Own({ approval, onWithdrawn }: { readonly approval: ApprovalState; readonly onWithdrawn: () => void }) {
  const send = useSend();
  async function withdraw() {
    const { ok } = await send("approval.withdraw", { approval: approval.id });
    if (ok) onWithdrawn();
  }
  return (
    <Paper withBorder p="md" radius="lg">
      <SubjectLines action={approval.action} subject={approval.subject} label={approval.label} by={null} />
      <Group justify="space-between" mt="xs">
        <Text c="var(--ink-3)">waiting since <AgeText since={approval.askedAt} /></Text>
        <Button variant="default" onClick={() => void withdraw()}>Not needed any more</Button>
      </Group>
    </Paper>
  );
}
