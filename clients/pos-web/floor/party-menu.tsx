import { Menu, SimpleGrid, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArmchair, IconArrowsExchange, IconArrowsJoin, IconArrowBackUp, IconBrush, IconUserShare, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import type { PartyState, TableState } from "#shared/domain/floor/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useHub, useMay, useSession } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { PlaceDialog } from "../check/place-dialog.tsx";
import { offerUndo } from "../parts/offer-undo.tsx";
import { CoversDialog } from "./covers-dialog.tsx";
import { SeatDialog } from "./seat-dialog.tsx";

type Dialog = "covers" | "beside" | "move" | "join" | "hand-over";

/** DOM-2: move a party, join parties, hand it over: each is one command, each is undone in one tap. */
export function usePartyMenu(party: PartyState | undefined, table: TableState | undefined, onLeave: () => void) {
  const send = useSend();
  const maySeat = useMay("floor.seat");
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  if (!party) return { items: null, dialog: null };

  async function clear() {
    const answer = await send("party.clear", { party: party?.id ?? "" });
    if (answer.ok) onLeave();
  }
  /** The kitchen cooks nothing again: its tickets change their label. */
  async function mergeOrders() {
    for (const source of party?.joined ?? []) {
      const operation = newId("operation");
      const { ok } = await send("order.merge", { operation, source, target: party?.order ?? "" });
      if (!ok) return;
      offerUndo("One order now", <IconArrowBackUp size={20} />, () => void send("order.undo", { operation, order: party?.order ?? "" }));
    }
  }
  const items = (
    <>
      <Menu.Item h={48} leftSection={<IconUsers size={20} />} onClick={() => setDialog("covers")}>Change covers</Menu.Item>
      <Menu.Item h={48} leftSection={<IconArmchair size={20} />} onClick={() => setDialog("beside")} disabled={!table}>Seat another party here</Menu.Item>
      <Menu.Item h={48} leftSection={<IconArrowsExchange size={20} />} onClick={() => setDialog("move")} disabled={!maySeat}>Move to another table</Menu.Item>
      <Menu.Item h={48} leftSection={<IconArrowsJoin size={20} />} onClick={() => setDialog("join")} disabled={!maySeat}>Join with another party</Menu.Item>
      {(party.joined ?? []).length > 0 ? <Menu.Item h={48} leftSection={<IconArrowsJoin size={20} />} onClick={() => void mergeOrders()}>Merge their orders into one</Menu.Item> : null}
      <Menu.Item h={48} leftSection={<IconUserShare size={20} />} onClick={() => setDialog("hand-over")} disabled={!maySeat}>Hand over to another waiter</Menu.Item>
      <Menu.Item h={48} leftSection={<IconBrush size={20} />} onClick={() => void clear()}>Clear table</Menu.Item>
    </>
  );
  return {
    items,
    dialog: (
      <>
        {dialog === "covers" ? <CoversDialog party={party} onClose={close} /> : null}
        {dialog === "beside" && table ? <SeatDialog table={table} start="beside" onClose={close} /> : null}
        {dialog === "move" ? <MoveDialog party={party} onClose={close} /> : null}
        {dialog === "join" ? <JoinDialog party={party} onClose={close} /> : null}
        {dialog === "hand-over" ? <HandOverDialog party={party} onClose={close} /> : null}
      </>
    ),
  };
}

type DialogProps = { readonly party: PartyState; readonly onClose: () => void };

function MoveDialog({ party, onClose }: DialogProps) {
  const send = useSend();
  const tables = useAggregates("table").filter((table) => !party.tables.some((each) => each.table === table.id));
  const sorted = [...tables].sort((a, b) => a.parties.length - b.parties.length || a.name.localeCompare(b.name, "en", { numeric: true }));
  async function go(table: TableState) {
    const operation = newId("operation");
    const { ok } = await send("party.move", { operation, party: party.id, tables: [table.id], whenOccupied: table.parties.length > 0 ? "share" : "refuse" });
    if (!ok) return;
    onClose();
    offerUndo(`Moved to table ${table.name}`, <IconArrowBackUp size={20} />, () => void send("party.undo", { operation, party: party.id }));
  }
  return (
    <Dialog opened onClose={onClose} size={680} title={<Text fz={22} fw={750}>Move to which table?</Text>}>
      <SimpleGrid cols={5} spacing="sm" mah={460} style={{ overflowY: "auto" }}>
        {sorted.map((table) => (
          <Button key={table.id} variant={table.parties.length > 0 ? "light" : "default"} h={64} fz={20} aria-label={`Table ${table.name}${table.parties.length > 0 ? ", beside those who sit there" : ""}`} onClick={() => void go(table)}>{table.name}{table.parties.length > 0 ? " +" : ""}</Button>
        ))}
      </SimpleGrid>
    </Dialog>
  );
}

function JoinDialog({ party, onClose }: DialogProps) {
  const send = useSend();
  async function go(other: PartyState) {
    const operation = newId("operation");
    const { ok } = await send("party.join", { operation, source: other.id, target: party.id });
    if (!ok) return;
    onClose();
    offerUndo(`${party.covers + other.covers} covers sit together now`, <IconArrowBackUp size={20} />, () => void send("party.undo", { operation, party: party.id }));
  }
  return <PlaceDialog title="Which party joins this one?" except={party.id} onParty={(other) => void go(other)} onClose={onClose} />;
}

function HandOverDialog({ party, onClose }: DialogProps) {
  const hub = useHub();
  const send = useSend();
  const { pairing } = useSession();
  const mine = useAggregates("party").filter((each) => !each.cleared && each.server.staff === party.server.staff);
  const people = useQuery({ queryKey: ["people", pairing?.device], queryFn: () => hub.session.people(), staleTime: 60_000, retry: false });
  async function go({ staff, name }: { readonly staff: string; readonly name: string }, parties: readonly string[]) {
    const operation = newId("operation");
    const { ok } = await send("party.handOver", { operation, parties: [...parties], to: staff });
    if (!ok) return;
    offerUndo(`${name} has ${parties.length === 1 ? "this table" : `${parties.length} tables`} now`, <IconArrowBackUp size={20} />, () => void send("party.undo", { operation, party: party.id }));
    onClose();
  }
  const others = (people.data?.people ?? []).filter((person) => person.serves && person.staff !== party.server.staff);
  return (
    <Dialog opened onClose={onClose} size={640} title={<Text fz={22} fw={750}>Who takes over from {party.server.name}?</Text>}>
      <SimpleGrid cols={1} spacing="sm">
        {others.map((person) => (
          <SimpleGrid key={person.staff} cols={2} spacing="sm">
            <Button variant="default" h={64} justify="flex-start" leftSection={<PersonBadge name={person.name} color={person.color} size={36} />} onClick={() => void go(person, [party.id])}>{person.name}: this table</Button>
            <Button variant="light" h={64} disabled={mine.length < 2} onClick={() => void go(person, mine.slice(0, 40).map((each) => each.id))}>all {mine.length} of {party.server.name}</Button>
          </SimpleGrid>
        ))}
      </SimpleGrid>
    </Dialog>
  );
}
