import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconHelpTriangle, IconMessageQuestion, IconUserShield } from "@tabler/icons-react";
import { useState } from "react";
import type { OpenAttempt } from "#shared/domain/check/evolve-payments.ts";
import { minorUnits } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useHubTime } from "../../kit/clock.ts";
import { secondOfDay, timerText } from "../../kit/format.ts";
import { useAggregate, useHub, useMerchant } from "../../kit/hooks.ts";
import { AgeText, useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { useSayings } from "../check/said.tsx";
import { HeldCard } from "./held-card.tsx";
import classes from "./pay.module.css";
import { QrPicture } from "./qr-picture.tsx";
import { useProviderName } from "./use-provider-name.ts";

/** What is under way at a terminal or a QR provider. It locks its amount: nobody can take it twice. */
export function AttemptCard({ attempt }: { readonly attempt: OpenAttempt }) {
  const payment = useAggregate("payment", attempt.payment);
  // Until the provider has said so nothing is held, whatever was asked for.
  const held = attempt.holds && payment?.status === "authorized" ? payment.held : null;
  return (
    <section className={classes["attempt"]} data-unknown={attempt.unknown} aria-label="Payment under way">
      {attempt.unknown ? <Unknown attempt={attempt} /> : payment && held ? <HeldCard attempt={attempt} payment={payment} held={minorUnits(held)} /> : <UnderWay attempt={attempt} />}
    </section>
  );
}

function useBusy() {
  const [busy, setBusy] = useState(false);
  return {
    busy,
    async during(go: () => Promise<unknown>) {
      if (busy) return;
      setBusy(true);
      await go();
      setBusy(false);
    },
  };
}

/** The answer comes when it comes, or never: that it was asked for is said at once, and when. */
function useAsk(payment: string, name: string) {
  const send = useSend();
  const { clock } = useHub();
  const zone = useMerchant()?.zone ?? "UTC";
  const say = useSayings((sayings) => sayings.say);
  const [asked, setAsked] = useState<string | null>(null);
  return {
    asked,
    async ask() {
      const { ok } = await send("payment.askProvider", { payment });
      if (!ok) return;
      const words = `${name} was asked at ${secondOfDay(new Date(clock.now()), zone)}. What it says shows here.`;
      setAsked(words);
      say(words);
    },
  };
}

function UnderWay({ attempt }: { readonly attempt: OpenAttempt }) {
  const send = useSend();
  const text = useMoneyText();
  const name = useProviderName()(attempt.provider, attempt.method);
  const payment = useAggregate("payment", attempt.payment);
  const { busy, during } = useBusy();
  const { asked, ask } = useAsk(attempt.payment, name);
  return (
    <Stack align="center" gap="sm">
      <Text fz={34} fw={800} lh={1.1}>{text(attempt.amount)}</Text>
      {attempt.tip.amount === "0" ? null : <Text c="var(--ink-2)">and {text(attempt.tip)} tip</Text>}
      {attempt.method === "qr" ? (
        payment?.qr ? <QrPicture content={payment.qr} /> : <Loader type="dots" />
      ) : (
        <Loader type="bars" aria-hidden />
      )}
      <Text fz={19} fw={650} ta="center" role="status">{attempt.method === "qr" ? "The guest scans and pays" : `${name} is asking the guest`}</Text>
      <Text c="var(--ink-2)" ta="center">Begun by {attempt.by.name}, <AgeText since={attempt.since} as="timer" /> ago</Text>
      {payment?.request ? <GivenUp name={name} at={payment.request.expiresAt} /> : null}
      <Group grow w="100%">
        <Button variant="default" px={4} loading={busy} leftSection={<IconMessageQuestion size={22} />} onClick={() => void during(ask)}>Ask again</Button>
        <Button variant="light" color="chili" loading={busy} onClick={() => void during(() => send("payment.cancelAttempt", { payment: attempt.payment }))}>Cancel</Button>
      </Group>
      {asked === null ? null : <Text c="var(--ink-2)" ta="center">{asked}</Text>}
    </Stack>
  );
}

/** PAY-25: nobody waits for ever, and everybody sees for how long. */
function GivenUp({ name, at }: { readonly name: string; readonly at: string }) {
  const { clock } = useHub();
  const left = useHubTime(clock, 1000, (now) => Math.max(0, Date.parse(at) - now));
  return (
    <Text c="var(--ink-2)" ta="center">
      {left === 0 ? `No answer in time. ${name} is told to stop: look at it before you take the money another way.` : `Without an answer it is given up in ${timerText(left)}`}
    </Text>
  );
}

/** Screen rule 9: never "charge again", which might take the guest's money twice. */
function Unknown({ attempt }: { readonly attempt: OpenAttempt }) {
  const approved = useApproved();
  const text = useMoneyText();
  const name = useProviderName()(attempt.provider, attempt.method);
  const [deciding, setDeciding] = useState(false);
  const { busy, during } = useBusy();
  const { asked, ask } = useAsk(attempt.payment, name);

  const decide = (outcome: "captured" | "not-captured") =>
    during(async () => {
      const reason = outcome === "captured" ? "Seen on the terminal: paid" : "Seen on the terminal: not paid";
      const answer = await approved("payment.resolveUnknown", { payment: attempt.payment, outcome, reason });
      if (isUnderWay(answer)) setDeciding(false);
    });

  return (
    <Stack gap="sm" align="stretch">
      <Group wrap="nowrap" gap="sm">
        <IconHelpTriangle size={40} color="var(--mantine-color-ember-6)" aria-hidden style={{ flex: "none" }} />
        <div>
          <Text fz={20} fw={750} role="alert">Nobody knows whether {text(attempt.amount)} was charged</Text>
          <Text c="var(--ink-2)">{name} does not answer. The amount stays locked, so that the guest does not pay twice.</Text>
        </div>
      </Group>
      <Button size="xl" loading={busy} leftSection={<IconMessageQuestion size={24} />} onClick={() => void during(ask)}>Ask the terminal</Button>
      {asked === null ? null : <Text c="var(--ink-2)" ta="center">{asked}</Text>}
      {deciding ? (
        <>
          <Text c="var(--ink-2)">What does its display or its slip say?</Text>
          <Group grow>
            <Button size="lg" color="basil.6" loading={busy} onClick={() => void decide("captured")}>It was paid</Button>
            <Button size="lg" color="chili.6" loading={busy} onClick={() => void decide("not-captured")}>It was not paid</Button>
          </Group>
        </>
      ) : (
        <Button size="xl" variant="default" leftSection={<IconUserShield size={24} />} onClick={() => setDeciding(true)}>Manager decides</Button>
      )}
    </Stack>
  );
}
