import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { PartyState } from "#shared/domain/floor/state.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { tableName } from "../../kit/words/tables.ts";
import { RefundDialog } from "../pay/refund-dialog.tsx";
import { AdjustDialog } from "./adjust-dialog.tsx";
import { useBillDialogs } from "./bill-dialogs.ts";
import { dueOf, isOpen } from "./parts.ts";
import { ChargeDialog } from "./charge-dialog.tsx";
import { PlaceDialog } from "./place-dialog.tsx";
import { EquallyDialog } from "./part-dialogs.tsx";
import { useSayings } from "./said.tsx";
import { namesOf, type Meant } from "./selection.ts";
import type { Part } from "./use-bill.ts";
import type { Surgery, Target } from "./use-surgery.ts";

type BoardDialogsProps = { readonly parts: readonly Part[]; readonly meant: readonly Meant[]; readonly covers: number | null; readonly surgery: Surgery; readonly onDone: () => void };

export function BoardDialogs({ parts, meant, covers, surgery, onDone }: BoardDialogsProps) {
  const dialog = useBillDialogs((dialogs) => dialogs.now);
  const close = useBillDialogs((dialogs) => dialogs.close);
  const say = useSayings((sayings) => sayings.say);
  const partOf = (check: string) => parts.find((part) => part.check.id === check);
  if (!dialog) return null;

  function done() {
    close();
    onDone();
  }
  async function operate(words: string, go: Promise<boolean>) {
    if (!(await go)) return;
    done();
    say(words);
  }
  const moveCheck = (part: Part, to: Target, where: string) => void operate(`${nameIn(parts, part)} moved to ${where}`, surgery.moveCheck(part.check.id, to));
  const merge = (part: Part, source: CheckState) => void operate(`${tableTitle(source.label)} merged into ${part.name}`, surgery.merge(part.check.id, [source.id]));
  const moveLines = (to: Target, where: string) => void operate(`${namesOf(meant)} moved to ${where}`, surgery.moveOut(meant, to));

  switch (dialog.kind) {
    case "adjust": {
      const part = partOf(dialog.check);
      return part ? <AdjustDialog check={part.check} name={parts.length === 1 ? "the bill" : part.name} lines={dialog.lines} start={dialog.start} onClose={done} /> : null;
    }
    case "charge": {
      const part = partOf(dialog.check);
      return part ? <ChargeDialog check={part.check} onClose={close} /> : null;
    }
    case "merge": {
      const part = partOf(dialog.check);
      return part ? <MergeDialog part={part} onClose={close} onMerge={(source) => merge(part, source)} /> : null;
    }
    case "move-check": {
      const part = partOf(dialog.check);
      return part ? <PlaceDialog title={`Move ${parts.length === 1 ? "the bill" : part.name} to`} except={part.check.party} onClose={close} onParty={(party) => moveCheck(part, { kind: "party", party: party.id }, placeOf(party))} onName={(label) => moveCheck(part, { kind: "label", label }, label)} /> : null;
    }
    case "move-lines":
      return <PlaceDialog title={meant.length === 1 ? "Move 1 line to" : `Move ${meant.length} lines to`} except={meant[0]?.check.party ?? null} onClose={close} onParty={(party) => moveLines({ kind: "party", party: party.id }, placeOf(party))} onName={(label) => moveLines({ kind: "label", label }, label)} />;
    case "equally": {
      const part = partOf(dialog.check);
      return part ? <EquallyDialog check={part.check} name={nameIn(parts, part)} covers={covers ?? 2} surgery={surgery} onClose={close} /> : null;
    }
    case "refund": {
      const part = partOf(dialog.check);
      return part ? <RefundDialog check={part.check} onClose={close} /> : null;
    }
  }
}

function nameIn(parts: readonly Part[], part: Part): string {
  return parts.length === 1 ? "The bill" : part.name;
}

function placeOf(party: PartyState): string {
  return party.tables.length === 0 ? "a party without a table" : tableName(party.tables.map(({ name }) => name).join(" + "));
}

/** Bills of this table and of others: what is on the one that is tapped comes here. */
function MergeDialog({ part, onMerge, onClose }: { readonly part: Part; readonly onMerge: (source: CheckState) => void; readonly onClose: () => void }) {
  const text = useMoneyText();
  const checks = useAggregates("check").filter((check: CheckState) => isOpen(check) && check.id !== part.check.id);
  const sorted = [...checks].sort((a, b) => Number(b.party === part.check.party) - Number(a.party === part.check.party) || a.label.localeCompare(b.label, "en", { numeric: true }) || (a.id < b.id ? -1 : 1));
  return (
    <Dialog opened onClose={onClose} size={680} title={<Text fz={22} fw={750}>Which bill comes to {part.name}?</Text>}>
      <SimpleGrid cols={2} spacing="sm" mah={460} style={{ overflowY: "auto" }}>
        {sorted.map((check) => (
          <Button key={check.id} variant="default" h={72} px="sm" justify="space-between" rightSection={<b>{text({ amount: dueOf(check).toString(), currency: check.currency })}</b>} onClick={() => onMerge(check)}>
            <Stack gap={0} align="flex-start">
              <Text span fz={19} fw={750}>{tableTitle(check.label)}</Text>
              <Text span fz="sm" c="var(--ink-2)">{Object.values(check.shares).slice(0, 3).map((share) => share.name).join(", ") || "empty"}</Text>
            </Stack>
          </Button>
        ))}
      </SimpleGrid>
      {sorted.length === 0 ? <Text c="var(--ink-3)">No other bill is open.</Text> : null}
    </Dialog>
  );
}
