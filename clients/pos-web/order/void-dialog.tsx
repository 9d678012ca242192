import { Button, Group, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { OrderItemState } from "#shared/domain/order/state.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useApproved } from "../approval/use-approved.ts";
import { newItemId } from "./use-order-work.ts";

const REASONS = ["Guest changed mind", "Entered by mistake", "Kitchen has run out", "Not as it should be", "Took too long"] as const;

type VoidDialogProps = { readonly orderId: string; readonly items: readonly OrderItemState[]; readonly onClose: () => void; readonly onVoided: () => void };

/** A void is told to the kitchen, on the screen and on paper, with its reason. */
export function VoidDialog({ orderId, items, onClose, onVoided }: VoidDialogProps) {
  const approved = useApproved();
  const [only] = items;
  const single = items.length === 1 && only !== undefined ? only : null;
  const whole = single ? Number(single.quantity) : 1;
  const [count, setCount] = useState(whole);
  const [other, setOther] = useState("");
  const [made, setMade] = useState(false);

  function go(reason: string) {
    for (const item of items) {
      const part = single && count < whole ? { quantity: String(count) } : {};
      void approved("order.voidItem", { order: orderId, item: item.item, newItem: newItemId(), reason, ...part, ...(made ? { made } : {}) }, { said: () => `Voided: ${item.names.button}` });
    }
    onVoided();
  }

  return (
    <Dialog opened onClose={onClose} size={560} title={<Text fz={22} fw={750}>Void {single ? single.names.button : `${items.length} items`}</Text>}>
      <Stack>
        {single && Number.isInteger(whole) && whole > 1 ? (
          <Group justify="center">
            <Button variant="default" aria-label="Fewer" px="md" disabled={count <= 1} onClick={() => setCount(count - 1)}><IconMinus /></Button>
            <Text fz={22} fw={700} w={110} ta="center">{count} of {whole}</Text>
            <Button variant="default" aria-label="More" px="md" disabled={count >= whole} onClick={() => setCount(count + 1)}><IconPlus /></Button>
          </Group>
        ) : null}
        <Switch size="lg" label="It was made: waste" checked={made} onChange={(event) => setMade(event.currentTarget.checked)} styles={{ body: { minHeight: 48, alignItems: "center" } }} />
        <Text c="var(--ink-2)">Why? The kitchen reads it.</Text>
        <SimpleGrid cols={2}>
          {REASONS.map((reason) => (
            <Button key={reason} variant="light" color="chili" h={60} onClick={() => go(reason)}>{reason}</Button>
          ))}
        </SimpleGrid>
        <form onSubmit={(event) => {
          event.preventDefault();
          if (other.trim()) go(other.trim());
        }}>
          <Group align="end" wrap="nowrap">
            <TextInput style={{ flex: 1 }} label="Another reason" maxLength={80} value={other} onChange={(event) => setOther(event.currentTarget.value)} />
            <Button type="submit" color="chili.6" disabled={other.trim() === ""}>Void</Button>
          </Group>
        </form>
      </Stack>
    </Dialog>
  );
}
