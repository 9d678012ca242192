import { Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconDeviceTabletPlus } from "@tabler/icons-react";
import { useEffect, useState, type FormEvent } from "react";
import { failureOf } from "../api.ts";
import { useHub } from "../hooks.ts";
import { demoPlaces, type DemoPlace } from "../session/place.ts";
import { failureInWords } from "../words/failures.ts";

/** A device is paired once, by a code that a manager made for it. */
export function PairScreen({ app, title }: { readonly app: "pos" | "kds"; readonly title: string }) {
  const hub = useHub();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [places, setPlaces] = useState<readonly DemoPlace[]>([]);
  useEffect(() => void demoPlaces(hub.api).then(setPlaces), [hub]);

  async function pair(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    try {
      await hub.session.pair(code.trim().toUpperCase());
    } catch (error) {
      setTrouble(failureInWords(failureOf(error)));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Stack align="center" justify="center" mih="100%" p="lg">
      <Paper p={32} radius="lg" withBorder w={460} maw="100%">
        <form onSubmit={(event) => void pair(event)}>
          <Stack gap="lg">
            <Group gap="md" wrap="nowrap">
              <IconDeviceTabletPlus size={44} stroke={1.6} />
              <div>
                <Title order={1} fz={26}>{title}</Title>
                <Text c="var(--ink-2)">Ask a manager for a pairing code.</Text>
              </div>
            </Group>
            <TextInput
              label="Pairing code"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              error={trouble}
              autoFocus
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={40}
              size="xl"
              styles={{ input: { textTransform: "uppercase", letterSpacing: "0.12em", fontWeight: 700 } }}
            />
            <Button type="submit" size="xl" loading={busy} disabled={code.trim() === ""}>
              Pair this device
            </Button>
          </Stack>
        </form>
        {places.length > 0 ? <DemoLinks app={app} places={places} /> : null}
      </Paper>
    </Stack>
  );
}

function DemoLinks({ app, places }: { readonly app: "pos" | "kds"; readonly places: readonly DemoPlace[] }) {
  const links = places.flatMap((place) =>
    app === "pos"
      ? [{ href: `/pos/?demo=${place.id}`, text: place.name }]
      : place.stations.map((station) => ({ href: `/kds/?demo=${place.id}&station=${station.station}`, text: `${place.name}: ${station.name}` })),
  );
  return (
    <Stack gap="xs" mt="xl">
      <Text c="var(--ink-2)" fz="sm">This hub is a demo: pair without a code.</Text>
      {links.map((link) => (
        <Button key={link.href} component="a" href={link.href} variant="default" justify="start">
          {link.text}
        </Button>
      ))}
    </Stack>
  );
}
