import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import type { PartyState } from "#shared/domain/floor/state.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";

type PlaceDialogProps = {
  readonly title: string;
  /** Not offered: where it is already. */
  readonly except: string | null;
  readonly onParty: (party: PartyState) => void;
  readonly onName?: (label: string) => void;
  readonly onClose: () => void;
};

/** Whose it becomes: one tap on a party, or a name of its own. */
export function PlaceDialog({ title, except, onParty, onName, onClose }: PlaceDialogProps) {
  const parties = useAggregates("party").filter((party) => !party.cleared && party.id !== except);
  const [label, setLabel] = useState("");
  const tables = (party: PartyState) => party.tables.map((table) => table.name).join(" + ") || "no table";
  const sorted = [...parties].sort((a, b) => tables(a).localeCompare(tables(b), "en", { numeric: true }));
  return (
    <Dialog opened onClose={onClose} size={680} title={<Text fz={22} fw={750}>{title}</Text>}>
      <Stack>
        <SimpleGrid cols={3} spacing="sm" mah={420} style={{ overflowY: "auto" }}>
          {sorted.map((party) => (
            <Button key={party.id} variant="default" h={72} px="sm" justify="space-between" onClick={() => onParty(party)} aria-label={`Table ${tables(party)}, ${party.server.name}`} rightSection={<Group gap={3} c="var(--ink-3)"><IconUsers size={16} aria-hidden />{party.covers}</Group>}>
              <Stack gap={0} align="flex-start">
                <Text span fz={20} fw={750}>{tables(party)}</Text>
                <Text span fz="sm" c="var(--ink-2)">{party.server.name}</Text>
              </Stack>
            </Button>
          ))}
        </SimpleGrid>
        {sorted.length === 0 ? <Text c="var(--ink-3)">No other party is seated.</Text> : null}
        {onName ? (
          <form onSubmit={(event) => {
            event.preventDefault();
            if (label.trim()) onName(label.trim());
          }}>
            <Group align="end" wrap="nowrap">
              <TextInput style={{ flex: 1 }} label="Or a name of its own" placeholder="Tab Mike" maxLength={30} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
              <Button type="submit" disabled={label.trim() === ""}>Move</Button>
            </Group>
          </form>
        ) : null}
      </Stack>
    </Dialog>
  );
}
