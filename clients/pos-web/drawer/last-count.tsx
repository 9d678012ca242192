import { Button, Paper, Table, Title } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { FOCUS_HOME } from "../../kit/ui/use-kept-focus.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";

export type Count = { readonly name: string; readonly counted: Money; readonly expected: Money; readonly difference: Money; readonly report: string; readonly number: number };

/** The Z, as it was stored and printed. */
export function LastCount({ count }: { readonly count: Count }) {
  const text = useMoneyText();
  const send = useSend();
  const heading = useRef<HTMLHeadingElement>(null);
  // The drawer may be gone from the screen before this is here: then the keyboard went elsewhere.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const difference = minorUnits(count.difference);
  return (
    <Paper withBorder radius="lg" p="lg" role="status">
      <Title ref={heading} order={2} fz={22} mb="sm" {...FOCUS_HOME}>{count.name} closed, Z {count.number}</Title>
      <Table fz={18}>
        <Table.Tbody>
          <Table.Tr><Table.Td>Expected</Table.Td><Table.Td ta="right">{text(count.expected)}</Table.Td></Table.Tr>
          <Table.Tr><Table.Td>Counted</Table.Td><Table.Td ta="right">{text(count.counted)}</Table.Td></Table.Tr>
          <Table.Tr fw={750} c={difference === 0n ? "basil.7" : "chili.6"}><Table.Td>{difference === 0n ? "Difference" : difference > 0n ? "Over" : "Short"}</Table.Td><Table.Td ta="right">{text(count.difference)}</Table.Td></Table.Tr>
        </Table.Tbody>
      </Table>
      <Button mt="sm" variant="default" leftSection={<IconPrinter size={22} />} onClick={() => void send("cash.printReport", { report: count.report })}>Print a copy</Button>
    </Paper>
  );
}
