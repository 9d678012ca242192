import { Button, Drawer, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useState } from "react";
import type { Station } from "#shared/events/commerce.ts";
import { useHub, useSession } from "../../kit/hooks.ts";
import { AGE_LIMITS, type Pace } from "../tickets/ages.ts";
import { useScreen, useSettings } from "./screen.tsx";
import { StationButtons } from "./station-choice.tsx";

type ScreenMenuProps = { readonly opened: boolean; readonly onClose: () => void; readonly stations: readonly Station[]; readonly station: string | null };

const PACES = (Object.keys(AGE_LIMITS) as Pace[]).map((pace) => ({ value: pace, label: `${AGE_LIMITS[pace].warning} / ${AGE_LIMITS[pace].late} min` }));

/** What this screen shows and how it sounds, without pairing it anew. */
export function ScreenMenu({ opened, onClose, stations, station }: ScreenMenuProps) {
  const { chimes, change } = useScreen();
  const { sound, pace } = useSettings();
  const { pairing } = useSession();
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={620} title="This screen" styles={{ title: { fontSize: 34, fontWeight: 700 }, body: { fontSize: 24 } }}>
      <Stack gap={36}>
        <StationButtons
          stations={stations}
          chosen={station}
          onChoose={(chosen) => {
            change({ station: chosen });
            onClose();
          }}
        />
        <Stack gap="md">
          <Switch size="xl" label="Sound" checked={sound} onChange={(event) => change({ sound: event.currentTarget.checked })} styles={{ label: { fontSize: 26 } }} />
          <Button size="xl" variant="default" leftSection={<IconVolume size={32} />} fz={24} disabled={!sound} onClick={() => chimes.play("ticket")}>
            Hear it
          </Button>
        </Stack>
        <Stack gap="xs">
          <Text fz={26}>Amber and red after</Text>
          <SegmentedControl fullWidth data={PACES} value={pace} onChange={(value) => change({ pace: value as Pace })} styles={{ label: { fontSize: 24, paddingBlock: 12 } }} />
        </Stack>
        <Stack gap="xs">
          <Text fz={22} c="var(--ink-3)">
            {pairing?.merchant.name}, paired as “{pairing?.deviceName}”
          </Text>
          <PairAnew />
        </Stack>
      </Stack>
    </Drawer>
  );
}

/** Two touches: an unpaired screen needs a manager. */
function PairAnew() {
  const { session } = useHub();
  const [sure, setSure] = useState(false);
  if (!sure) return <Button size="xl" variant="subtle" color="gray" onClick={() => setSure(true)}>Pair it anew</Button>;
  return <Button size="xl" color="chili" onClick={() => session.unpair()}>Really forget this pairing</Button>;
}
