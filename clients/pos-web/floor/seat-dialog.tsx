import { Button, Group, Stack, Text } from "@mantine/core";
import { IconArmchair, IconArrowRight } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { TableState } from "#shared/domain/floor/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useMay } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { AgeText } from "../../kit/ui/texts.tsx";
import { tableName } from "../../kit/words/tables.ts";
import { useLeave } from "../parts/leave.tsx";
import { CoversGrid } from "./covers-grid.tsx";

type SeatDialogProps = {
  readonly table: TableState;
  /** `seat` an empty table, `choose` among its parties, seat `beside` them. */
  readonly start: "seat" | "choose" | "beside";
  readonly onClose: () => void;
};

/** One tap seats: the number of covers. When another tablet was faster, it says who sits there and asks what is wanted (failure 2). */
export function SeatDialog({ table, start, onClose }: SeatDialogProps) {
  const send = useSend();
  const navigate = useNavigate();
  const leave = useLeave();
  const maySeat = useMay("floor.seat");
  const [step, setStep] = useState(start);
  const [covers, setCovers] = useState<number | null>(null);
  const parties = useAggregates("party").filter((party) => !party.cleared && party.tables.some((each) => each.table === table.id));

  async function seat(count: number, whenOccupied: "refuse" | "share") {
    const order = newId("order");
    const party = newId("party");
    const answer = await send("party.seat", { party, order, tables: [table.id], covers: count, whenOccupied }, { shownElsewhere: ["table-occupied"] });
    if (answer.ok) {
      onClose();
      leave(`/order/${order}`);
    } else if (answer.refusal.refused === "table-occupied") {
      setCovers(count);
      setStep("choose");
    }
  }

  function open(order: string) {
    onClose();
    void navigate(`/order/${order}`);
  }

  const seated = step === "choose";
  return (
    <Dialog opened onClose={onClose} size={560} title={<Text fz={24} fw={750}>{tableName(table.name)}</Text>}>
      {seated ? (
        <Stack>
          <Text c="var(--ink-2)">{covers === null ? "Who is it about?" : "Somebody sits here already."}</Text>
          {parties.map((party) => (
            <Button key={party.id} variant="default" h={68} justify="space-between" rightSection={<IconArrowRight size={22} />} onClick={() => open(party.order)} aria-label={`Open the order of ${party.server.name}'s party of ${party.covers}`}>
              <Group gap="xs">
                <span>Party of {party.covers}, {party.server.name}</span>
                <Text span c="var(--ink-3)" fz="sm"><AgeText since={party.seatedAt} /></Text>
              </Group>
            </Button>
          ))}
          <Button leftSection={<IconArmchair size={22} />} disabled={!maySeat} onClick={() => (covers === null ? setStep("beside") : void seat(covers, "share"))}>
            {covers === null ? "Seat another party beside them" : `Sit beside them, party of ${covers}`}
          </Button>
        </Stack>
      ) : (
        <Stack>
          <Text c="var(--ink-2)">{step === "beside" ? "How many sit beside them?" : "How many?"}</Text>
          <CoversGrid disabled={!maySeat} onPick={(count) => void seat(count, step === "beside" ? "share" : "refuse")} />
          {maySeat ? null : <Text c="chili.6">You may not seat guests.</Text>}
        </Stack>
      )}
    </Dialog>
  );
}
