import { Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import type { Money } from "#shared/events/primitives.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { typedMinor } from "../check/cash-amounts.ts";
import classes from "./drawer-screen.module.css";
import { OpenDrawerForm } from "./open-drawer-form.tsx";
import { useOpenDrawer } from "./use-open-drawer.ts";

type Count = { readonly name: string; readonly counted: Money; readonly expected: Money; readonly difference: Money };

export function DrawerScreen() {
  const drawer = useOpenDrawer();
  const [last, setLast] = useState<Count | null>(null);
  return (
    <div className={classes["screen"]}>
      <Paper withBorder radius="lg" p="lg" w={420}>
        <Title order={1} fz={24} mb="md">{drawer ? drawer.name : "Open a drawer"}</Title>
        {drawer ? <CloseDrawer key={drawer.id} drawer={drawer} onClosed={setLast} /> : <OpenDrawerForm />}
      </Paper>
      {last && !drawer ? <LastCount count={last} /> : null}
    </div>
  );
}

/** The count is blind: what is expected is told after it, not before. */
function CloseDrawer({ drawer, onClosed }: { readonly drawer: DrawerState; readonly onClosed: (count: Count) => void }) {
  const send = useSend();
  const text = useMoneyText();
  const merchant = useMerchant();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = drawer.float;
  const counted = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);

  async function close() {
    setBusy(true);
    const answer = await send("drawer.close", { drawer: drawer.id, counted });
    setBusy(false);
    if (answer.ok) onClosed({ name: drawer.name, counted, ...answer.result });
  }

  return (
    <Stack gap="sm">
      <Group justify="space-between" c="var(--ink-2)">
        <Text>Opened by {drawer.openedBy.name}{merchant ? ` at ${timeOfDay(drawer.openedAt, merchant.zone)}` : ""}</Text>
        <Text>Float {text(drawer.float)}</Text>
      </Group>
      <Text fw={650} mt="sm">Count what is in it</Text>
      <Text fz={40} fw={800} ta="center" aria-label="Counted">{text(counted)}</Text>
      <NumPad label="Count" value={typed} onChange={setTyped} maxLength={10} corner="00" onEnter={() => (typed === "" ? undefined : void close())} />
      <Button size="xl" loading={busy} disabled={typed === ""} onClick={() => void close()}>Close drawer</Button>
    </Stack>
  );
}

function LastCount({ count }: { readonly count: Count }) {
  const text = useMoneyText();
  const difference = minorUnits(count.difference);
  return (
    <Paper withBorder radius="lg" p="lg" w={380} role="status">
      <Title order={2} fz={22} mb="sm">{count.name} closed</Title>
      <Table fz={18}>
        <Table.Tbody>
          <Table.Tr><Table.Td>Expected</Table.Td><Table.Td ta="right">{text(count.expected)}</Table.Td></Table.Tr>
          <Table.Tr><Table.Td>Counted</Table.Td><Table.Td ta="right">{text(count.counted)}</Table.Td></Table.Tr>
          <Table.Tr fw={750} c={difference === 0n ? "basil.7" : "chili.6"}><Table.Td>{difference === 0n ? "Difference" : difference > 0n ? "Over" : "Short"}</Table.Td><Table.Td ta="right">{text(count.difference)}</Table.Td></Table.Tr>
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
