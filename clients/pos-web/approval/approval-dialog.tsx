import { Button, Divider, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft, IconDeviceTabletUp } from "@tabler/icons-react";
import { useState } from "react";
import { capabilityFor } from "#shared/domain/approval/subject.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import { failureOf } from "../../kit/api.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useHub, useSession } from "../../kit/hooks.ts";
import { newCommandId } from "../../kit/ids.ts";
import type { PersonOnDevice } from "../../kit/session/session.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { refusalInWords } from "../../kit/words/refusals.ts";
import { useSayings } from "../check/said.tsx";
import { useAsks, type Ask } from "./asks.ts";
import { SubjectLines } from "./subject-lines.tsx";

/** Screen rule 10: over the work, by the PIN of somebody who may; or on their device, while the work goes on. */
export function ApprovalDialog() {
  const ask = useAsks((asks) => asks.open);
  const close = useAsks((asks) => asks.close);
  if (!ask) return null;
  return (
    <Dialog opened onClose={close} size={620} zIndex={400} title={<Text fz={22} fw={750}>Somebody has to agree</Text>}>
      <AskBody key={ask.approval} ask={ask} onClose={close} />
    </Dialog>
  );
}

function AskBody({ ask, onClose }: { readonly ask: Ask; readonly onClose: () => void }) {
  const hub = useHub();
  const send = useSend();
  const { pairing } = useSession();
  const wait = useAsks((asks) => asks.wait);
  const people = useQuery({ queryKey: ["people", pairing?.device], queryFn: () => hub.session.people(), staleTime: 60_000, retry: false });
  const [approver, setApprover] = useState<PersonOnDevice | null>(null);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const others = (people.data?.people ?? []).filter((person) => person.staff !== ask.author && person.approves.includes(capabilityFor(ask.action)));

  /** The request comes first: it is what the yes is bound to. */
  async function request(): Promise<boolean> {
    if (asked) return true;
    setBusy(true);
    const answer = await send("approval.request", { approval: ask.approval, action: ask.action, subject: ask.subject });
    setBusy(false);
    if (answer.ok) setAsked(true);
    return answer.ok;
  }

  async function askFromAfar() {
    if (await request()) wait(ask);
  }

  if (approver) return <ApproverPin ask={ask} approver={approver} prepare={request} onBack={() => setApprover(null)} onDone={onClose} />;
  return (
    <Stack>
      <SubjectLines action={ask.action} subject={ask.subject} label={null} by={null} />
      <Divider label="Here, with a PIN" labelPosition="left" />
      <SimpleGrid cols={3}>
        {others.map((person) => (
          <Button key={person.staff} variant="default" h={68} justify="flex-start" px="sm" leftSection={<PersonBadge name={person.name} color={person.color} size={36} />} onClick={() => setApprover(person)}>
            {person.name}
          </Button>
        ))}
      </SimpleGrid>
      {people.isError ? <Text c="chili.6" role="alert">{failureInWords(failureOf(people.error))}</Text> : null}
      <Divider label="Or work on meanwhile" labelPosition="left" />
      <Button size="xl" loading={busy} leftSection={<IconDeviceTabletUp size={24} />} onClick={() => void askFromAfar()}>Ask on their device</Button>
    </Stack>
  );
}

type ApproverPinProps = { readonly ask: Ask; readonly approver: PersonOnDevice; readonly prepare: () => Promise<boolean>; readonly onBack: () => void; readonly onDone: () => void };

const MIN_PIN = 4;

function ApproverPin({ ask, approver, prepare, onBack, onDone }: ApproverPinProps) {
  const hub = useHub();
  const send = useSend();
  const say = useSayings((sayings) => sayings.say);
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  async function approve(typed: string) {
    if (busy || typed.length < MIN_PIN) return;
    setBusy(true);
    setTrouble(null);
    try {
      if (!(await prepare())) return onBack();
      const token = await hub.token();
      const said = await hub.api.mutate<CommandAnswer<unknown>>("auth.approve", { commandId: newCommandId(hub.clock.now()), approval: ask.approval, staff: approver.staff, pin: typed }, token);
      if (!said.ok) throw new Error(refusalInWords(said.refusal));
      onDone();
      const done = await send(ask.type, { ...ask.input, approval: ask.approval } as CommandInput<typeof ask.type>);
      if (done.ok && ask.said) say(ask.said(done.result));
    } catch (error) {
      setTrouble(error instanceof Error && error.name === "Error" && !("failure" in error) ? error.message : failureInWords(failureOf(error)));
      setPin("");
    } finally {
      setBusy(false);
    }
  }

  return (
    <Stack>
      <Group wrap="nowrap">
        <Button variant="subtle" px="xs" aria-label="Back to people" onClick={onBack}><IconArrowLeft size={26} /></Button>
        <PersonBadge name={approver.name} color={approver.color} size={44} />
        <Text fz={20} fw={700}>{approver.name}</Text>
        <Text fz={30} fw={800} ml="auto" aria-label={`${pin.length} digits`} role="status" lts={6}>{"•".repeat(pin.length)}</Text>
      </Group>
      <SubjectLines action={ask.action} subject={ask.subject} label={null} by={null} />
      <Text role="alert" c="chili.6" fw={600} mih={24}>{trouble ?? ""}</Text>
      <NumPad label="Approver's PIN" value={pin} onChange={(typed) => { setPin(typed); setTrouble(null); }} maxLength={8} onEnter={() => void approve(pin)} disabled={busy} />
      <Button size="xl" color="basil.6" loading={busy} disabled={pin.length < MIN_PIN} onClick={() => void approve(pin)}>Agree</Button>
    </Stack>
  );
}
