import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useSend } from "../../kit/commands/use-send.ts";
import { dayAndTime } from "../../kit/format.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import classes from "./manager-screen.module.css";
import own from "./operation-screen.module.css";

type Letters = Outputs["operation"]["deadLetters"];
type Letter = Letters["deadLetters"][number];
type Asked = { readonly letter: Letter; readonly type: "system.retryDeadLetter" | "system.discardDeadLetter" };

const REASONS = {
  "system.retryDeadLetter": ["The cause is gone", "It was only for a moment"],
  "system.discardDeadLetter": ["Done by hand", "It does not matter any more"],
} as const;
const STATES: Readonly<Record<Letter["state"], string>> = { open: "waits for you", retrying: "is tried again", resolved: "done after all", discarded: "let go" };

/** What consumers gave up at this place: each one is tried again or let go, with a reason that is kept. */
export function DeadLetters() {
  const send = useSend();
  const maySettle = useMay("manage.settings");
  const zone = useMerchant()?.zone ?? "UTC";
  const mayOperate = useMay("operate.system");
  const letters = useHubQuery<Letters>("operation.deadLetters", { before: null }, { live: 3_000 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);

  async function decide(reason: string) {
    if (asked === null) return;
    setBusy(true);
    const { ok } = await send(asked.type, { deadLetter: asked.letter.deadLetter, reason });
    setBusy(false);
    if (ok) setAsked(null);
    void letters.refetch();
  }

  const all = letters.data?.deadLetters ?? [];
  return (
    <section className={classes["box"]} aria-label="Events that were given up">
      <h2 className={classes["title"]}>Events that were given up</h2>
      {all.length === 0 ? <Text c="var(--ink-3)">None.</Text> : null}
      {all.map((letter) => {
        const decidable = letter.state === "open" && !letter.deciding && (maySettle || mayOperate);
        return (
          <div key={letter.deadLetter} className={own["letter"]} data-open={letter.state === "open"}>
            <div className={own["what"]}>
              <Text fw={700}>{letter.group}: {letter.type}</Text>
              <Text fz={15}>{letter.reason}</Text>
              <Text fz={14} c="var(--ink-3)">
                {letter.attempts} attempts, the last {dayAndTime(letter.lastFailedAt, zone)} · {letter.deciding ? "is being decided" : STATES[letter.state]}
                {letter.state === "open" && letter.blocks ? ` · ${letter.waiting} wait behind it` : ""}
              </Text>
            </div>
            {decidable ? (
              <Group gap="sm" wrap="nowrap">
                <Button h={48} onClick={() => setAsked({ letter, type: "system.retryDeadLetter" })}>Try again</Button>
                <Button h={48} variant="default" onClick={() => setAsked({ letter, type: "system.discardDeadLetter" })}>Let go</Button>
              </Group>
            ) : null}
          </div>
        );
      })}
      <Dialog opened={asked !== null} onClose={() => setAsked(null)} title={asked?.type === "system.discardDeadLetter" ? "Let it go" : "Try it again"} centered>
        {asked === null ? null : <ReasonChips question="Why? It is kept with your name." reasons={REASONS[asked.type]} disabled={busy} onPick={(reason) => void decide(reason)} />}
      </Dialog>
    </section>
  );
}
