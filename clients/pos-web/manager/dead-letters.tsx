import { Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { failureOf } from "../../kit/api.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { dayAndTime } from "../../kit/format.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { entityInWords, eventInWords } from "../../kit/words/trail.ts";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import { AuditButton } from "./audit.tsx";
import classes from "./manager-screen.module.css";
import own from "./operation-screen.module.css";

type Letters = Outputs["operation"]["deadLetters"];
type Letter = Letters["deadLetters"][number];
type Asked = { readonly letter: Letter; readonly type: "system.retryDeadLetter" | "system.discardDeadLetter" };

const LETTERS = "operation.deadLetters";
const DECIDED = { retry: "Tried again", discard: "Let go", replay: "Given again with a replay" } as const;
const REASONS = {
  "system.retryDeadLetter": ["The cause is gone", "It was only for a moment"],
  "system.discardDeadLetter": ["Done by hand", "It does not matter any more"],
} as const;
const STATES: Readonly<Record<Letter["state"], string>> = { open: "waits for you", retrying: "is tried again", resolved: "done after all", discarded: "let go" };

/** What consumers gave up at this place: each one is tried again or let go, with a reason that is kept. */
export function DeadLetters() {
  const send = useSend();
  const query = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  /** The last letter of each page before. */
  const [befores, setBefores] = useState<readonly (string | null)[]>([null]);
  const heading = useRef<HTMLHeadingElement>(null);

  async function decide(reason: string) {
    if (asked === null) return;
    setBusy(true);
    const { ok } = await send(asked.type, { deadLetter: asked.letter.deadLetter, reason });
    setBusy(false);
    if (ok) {
      setAsked(null);
      // The button that was pressed goes with the decision: from here the next letter is one key away.
      heading.current?.focus({ preventScroll: true });
    }
    void query.invalidateQueries({ queryKey: [LETTERS] });
  }

  return (
    <section className={classes["box"]} aria-label="Events that were given up">
      <h2 ref={heading} tabIndex={-1} className={classes["title"]}>Events that were given up</h2>
      {befores.map((before, i) => (
        <LetterPage key={before} before={before} onAsk={setAsked} onMore={i === befores.length - 1 ? (next) => setBefores([...befores, next]) : undefined} />
      ))}
      <Dialog opened={asked !== null} onClose={() => setAsked(null)} title={asked?.type === "system.discardDeadLetter" ? "Let it go" : "Try it again"} centered>
        {asked === null ? null : (
          <>
            <Text mb="sm" style={{ overflowWrap: "anywhere" }}>{letterInWords(asked.letter)}, {asked.letter.event}</Text>
            <ReasonChips question="Why? It is kept with your name." reasons={REASONS[asked.type]} disabled={busy} onPick={(reason) => void decide(reason)} />
          </>
        )}
      </Dialog>
    </section>
  );
}

type LetterPageProps = { readonly before: string | null; readonly onAsk: (asked: Asked) => void; readonly onMore: ((next: string) => void) | undefined };

function LetterPage({ before, onAsk, onMore }: LetterPageProps) {
  const page = useHubQuery<Letters>(LETTERS, { before }, { live: 3_000 });
  if (page.isError && !page.data) return <ErrorState title="No letters" text={failureInWords(failureOf(page.error))} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Loading label="Looking for them" />;
  const { deadLetters, next } = page.data;
  return (
    <>
      {before === null && deadLetters.length === 0 ? <Text c="var(--ink-3)">None.</Text> : null}
      {deadLetters.map((letter) => <LetterRow key={letter.deadLetter} letter={letter} onAsk={onAsk} />)}
      {next === null || onMore === undefined ? null : <Button h={48} mt="sm" variant="default" onClick={() => onMore(next)}>Show earlier ones</Button>}
    </>
  );
}

function LetterRow({ letter, onAsk }: { readonly letter: Letter; readonly onAsk: (asked: Asked) => void }) {
  const maySettle = useMay("manage.settings");
  const mayOperate = useMay("operate.system");
  const zone = useMerchant()?.zone ?? "UTC";
  const { about, decision } = letter;
  const decidable = letter.state === "open" && !letter.deciding && (maySettle || mayOperate);
  /** Of two letters about one thing the positions differ. */
  const which = `${letterInWords(letter)}, position ${letter.position}`;
  return (
    <div className={own["letter"]} data-open={letter.state === "open"}>
      <div className={own["what"]}>
        <Text fw={700}>{letterInWords(letter)}</Text>
        <Text fz={15}>{letter.reason}</Text>
        <Text fz={14} c="var(--ink-3)">
          {letter.attempts} attempts, the last {dayAndTime(letter.lastFailedAt, zone)} · {letter.deciding ? "is being decided" : STATES[letter.state]}
          {letter.state === "open" && letter.blocks ? ` · ${letter.waiting} wait behind it` : ""}
        </Text>
        <Text fz={14} c="var(--ink-3)">
          {letter.type} · {letter.event} · shard {letter.shard}, position {letter.position} · {letter.recordedAt === null ? "not in the log any more" : `recorded ${dayAndTime(letter.recordedAt, zone)}`}
        </Text>
        {decision === null ? null : <Text fz={14}>{DECIDED[decision.decision]} by {decision.by}, {dayAndTime(decision.at, zone)}{decision.why === null ? "" : `: ${decision.why}`}</Text>}
      </div>
      <Group gap="sm" wrap="nowrap">
        {about === null ? null : <AuditButton stream={about.stream} title={entityInWords(about)} />}
        {decidable ? (
          <>
            <Button h={48} px="sm" aria-label={`Try again: ${which}`} onClick={() => onAsk({ letter, type: "system.retryDeadLetter" })}>Try again</Button>
            <Button h={48} px="sm" variant="default" aria-label={`Let go: ${which}`} onClick={() => onAsk({ letter, type: "system.discardDeadLetter" })}>Let go</Button>
          </>
        ) : null}
      </Group>
    </div>
  );
}

/** "stock: Order: sent · Order T5". */
function letterInWords({ group, type, about }: Letter): string {
  return `${group}: ${eventInWords(type)}${about === null ? "" : ` · ${entityInWords(about)}`}`;
}
