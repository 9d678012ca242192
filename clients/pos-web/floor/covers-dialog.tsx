import { Text } from "@mantine/core";
import type { PartyState } from "#shared/domain/floor/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { CoversGrid } from "./covers-grid.tsx";

export function CoversDialog({ party, onClose }: { readonly party: PartyState; readonly onClose: () => void }) {
  const send = useSend();
  return (
    <Dialog opened onClose={onClose} size={560} title={<Text fz={22} fw={750}>How many covers?</Text>}>
      <CoversGrid
        current={party.covers}
        onPick={(covers) => {
          onClose();
          void send("party.changeCovers", { party: party.id, covers });
        }}
      />
    </Dialog>
  );
}
