import { Button, Group, Text } from "@mantine/core";
import { IconPlugConnectedX, IconClockExclamation, IconDeviceTabletUp } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";
import { useDeviceNow, useDeviceTime } from "../clock.ts";
import { useConnection, useHub, useOutbox, useSession } from "../hooks.ts";
import classes from "./connection-banner.module.css";

const RELOAD_LOOK_MS = 15_000;
/** Commands that wait this long are told of; shorter hiccups are nobody's business. */
const STUCK_AFTER_MS = 2500;

/** DOM-12: full width, with the word STALE, when what is shown may not be so any more. Nothing when all is well. */
export function ConnectionBanner() {
  const hub = useHub();
  const phase = useConnection((state) => state.phase);
  const stale = useConnection((state) => state.stale);
  const stuckSince = useOutbox((state) => state.stuckSince);
  useEffect(() => {
    if (phase !== "outdated") return;
    reloadOnce();
    // While an upgrade rolls the page may come from a hub that is old itself.
    const again = setInterval(reloadOnce, RELOAD_LOOK_MS);
    return () => clearInterval(again);
  }, [phase]);
  if (phase === "elsewhere") {
    return (
      <Banner tone="calm" icon={<IconDeviceTabletUp size={28} />} title="Open in another window" text="This device is being used in another window. What you see here stands still.">
        <Button variant="white" color="dark" onClick={() => hub.connection.wake()}>Use it here</Button>
      </Banner>
    );
  }
  if (phase === "outdated") return <Banner tone="calm" icon={<IconClockExclamation size={28} />} title="A new version is there" text="What you see stands still until it is loaded."><Button variant="white" color="dark" onClick={() => window.location.reload()}>Load it now</Button></Banner>;
  if (stale) return <Stale />;
  return stuckSince === null ? null : <Stuck since={stuckSince} />;
}

function Stale() {
  const heardAt = useConnection((state) => state.heardAt);
  const waiting = useOutbox((state) => state.waiting);
  const now = useDeviceNow(1000);
  const since = heardAt === null ? "The hub has not answered yet." : `Last heard from the hub ${Math.max(0, Math.round((now - heardAt) / 1000))} s ago.`;
  return (
    <Banner tone="bad" icon={<IconPlugConnectedX size={28} />} title="STALE: not connected" text={`${since} ${waiting > 0 ? `${changes(waiting)} not sent yet, kept and sent when it is back.` : "Trying again by itself."}`} />
  );
}

function Stuck({ since }: { readonly since: number }) {
  const waiting = useOutbox((state) => state.waiting);
  const { signedIn, author } = useSession();
  const long = useDeviceTime(1000, (now) => now - since > STUCK_AFTER_MS);
  if (!long) return null;
  const needsPerson = author === null && Object.keys(signedIn).length === 0;
  return <Banner tone="warn" icon={<IconClockExclamation size={28} />} title={`${changes(waiting)} waiting for the hub`} text={needsPerson ? "Sign in, and they are sent." : "Kept here and sent again by itself."} />;
}

function changes(count: number): string {
  return count === 1 ? "1 change" : `${count} changes`;
}

type BannerProps = { readonly tone: "bad" | "warn" | "calm"; readonly icon: ReactNode; readonly title: string; readonly text: string; readonly children?: ReactNode };

function Banner({ tone, icon, title, text, children }: BannerProps) {
  return (
    <Group className={classes["banner"]} data-tone={tone} role="alert" wrap="nowrap" gap="md">
      {icon}
      <Text fw={800} fz="lg">{title}</Text>
      <Text fz="md" style={{ flex: 1 }}>{text}</Text>
      {children}
    </Group>
  );
}

/** The hub speaks a newer protocol: this page is old. Once a minute at most, so that a broken roll-out does not flicker. */
function reloadOnce(): void {
  const last = Number(window.sessionStorage.getItem("comanda.reloaded") ?? "0");
  if (Date.now() - last < 60_000) return;
  window.sessionStorage.setItem("comanda.reloaded", String(Date.now()));
  window.location.reload();
}
