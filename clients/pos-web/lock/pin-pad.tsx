import { Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { failureOf } from "../../kit/api.ts";
import { useHub } from "../../kit/hooks.ts";
import type { PersonOnDevice } from "../../kit/session/session.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import classes from "./lock-screen.module.css";

type PinPadProps = { readonly person: PersonOnDevice; readonly hint: string | null; readonly onBack: () => void };

const MIN_PIN = 4;
const MAX_PIN = 8;
const lengthKey = (staff: string) => `comanda.pin-length.${staff}`;

/** How long this person's PIN is, known from the last time here: it is then sent with its last digit. */
function knownLength(staff: string): number | null {
  const known = Number(window.localStorage.getItem(lengthKey(staff)));
  return known >= MIN_PIN && known <= MAX_PIN ? known : null;
}

export function PinPad({ person, hint, onBack }: PinPadProps) {
  const hub = useHub();
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [waitMs, setWaitMs] = useState(0);

  useEffect(() => {
    if (waitMs <= 0) return undefined;
    const timer = setTimeout(() => setWaitMs(0), waitMs);
    return () => clearTimeout(timer);
  }, [waitMs]);

  async function enter(typed: string) {
    if (busy || waitMs > 0 || typed.length < MIN_PIN) return;
    setBusy(true);
    setTrouble(null);
    try {
      await hub.session.login(person.staff, typed);
      window.localStorage.setItem(lengthKey(person.staff), String(typed.length));
    } catch (error) {
      const failure = failureOf(error);
      setTrouble(failureInWords(failure));
      setWaitMs(failure.kind === "unauthorized" ? (failure.retryAfterMs ?? 0) : failure.kind === "refused" && typeof failure.refusal["retryAfterMs"] === "number" ? failure.refusal["retryAfterMs"] : 0);
      setPin("");
      setBusy(false);
    }
  }

  function type(next: string) {
    setPin(next);
    setTrouble(null);
    if (next.length === knownLength(person.staff) && next.length > pin.length) void enter(next);
  }

  return (
    <Stack gap="md" w={340} maw="100%">
      <Group gap="md" wrap="nowrap">
        <Button variant="subtle" color="sand.2" px="xs" onClick={onBack} aria-label="Back to people"><IconArrowLeft size={28} /></Button>
        <PersonBadge name={person.name} color={person.color} size={52} />
        <Text fz={24} fw={700}>{person.name}</Text>
      </Group>
      <div className={classes["dots"]} role="status" aria-label={`${pin.length} digits`}>
        {Array.from({ length: Math.max(MIN_PIN, pin.length) }, (_, i) => (
          <i key={i} data-on={i < pin.length} />
        ))}
      </div>
      <Text role="alert" ta="center" c="chili.3" fw={600} mih={24}>{trouble ?? ""}</Text>
      <div className={classes["pad"]}>
        <NumPad label="PIN" value={pin} onChange={type} maxLength={MAX_PIN} onEnter={() => void enter(pin)} disabled={busy || waitMs > 0} />
      </div>
      <Button size="xl" color="saffron.4" onClick={() => void enter(pin)} loading={busy} disabled={pin.length < MIN_PIN || waitMs > 0}>Sign in</Button>
      {hint ? <Text ta="center" c="sand.4" fz="sm">Demo PIN: {hint}</Text> : null}
    </Stack>
  );
}
