import { Button, Group, Table, Text } from "@mantine/core";
import { useState } from "react";
import { failureOf } from "../../kit/api.ts";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";

type Statement = Outputs["books"]["statement"];
type AccountStatementProps = { readonly account: string; readonly subject?: string; readonly from: string; readonly to: string };

/** An account's entries, or those of one subject of it, with the balance before them and after each; page by page. */
export function AccountStatement(of: AccountStatementProps) {
  return <Pages key={JSON.stringify(of)} {...of} />;
}

function Pages({ account, subject, from, to }: AccountStatementProps) {
  const money = useMoneyText();
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const after = cursors.at(-1);
  const statement = useHubQuery<Statement>("books.statement", { account, from, to, ...(subject === undefined ? {} : { subject }), ...(after === undefined ? {} : { after }) }, { live: 5000 });
  if (statement.isError) return <ErrorState title="No statement" text={failureInWords(failureOf(statement.error))} onRetry={() => void statement.refetch()} />;
  if (!statement.data) return <Loading label="Reading the ledger" />;
  const { opening, entries, closing, next } = statement.data;
  const sum = (amounts: Statement["opening"]) => (amounts.length === 0 ? "–" : amounts.map(money).join(", "));
  return (
    <>
      <Table fz={15} horizontalSpacing={6} verticalSpacing={5} stickyHeader>
        <Table.Thead>
          <Table.Tr><Table.Th>Day</Table.Th><Table.Th>Entry</Table.Th><Table.Th ta="right">Amount</Table.Th><Table.Th ta="right">Balance</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr c="var(--ink-2)"><Table.Td /><Table.Td>Balance before</Table.Td><Table.Td /><Table.Td ta="right">{sum(opening)}</Table.Td></Table.Tr>
          {entries.map((entry) => (
            <Table.Tr key={`${entry.journal} ${entry.subject} ${entry.amount.amount} ${entry.balance.amount}`}>
              <Table.Td>{entry.businessDate}</Table.Td>
              <Table.Td>{entry.memo}</Table.Td>
              <Table.Td ta="right" c={entry.amount.amount.startsWith("-") ? "chili.7" : "var(--ink)"}>{money(entry.amount)}</Table.Td>
              <Table.Td ta="right">{money(entry.balance)}</Table.Td>
            </Table.Tr>
          ))}
          {entries.length === 0 ? <Table.Tr><Table.Td /><Table.Td c="var(--ink-3)">Nothing in these days.</Table.Td></Table.Tr> : null}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr fw={800}><Table.Th /><Table.Th>{next === null ? "Balance" : "Balance so far"}</Table.Th><Table.Th /><Table.Th ta="right">{sum(closing)}</Table.Th></Table.Tr>
        </Table.Tfoot>
      </Table>
      <Group mt="sm">
        <Button variant="default" disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>Earlier</Button>
        <Button variant="default" disabled={next === null} onClick={() => (next === null ? undefined : setCursors([...cursors, next]))}>Later</Button>
        <Text c="var(--ink-3)">Page {cursors.length + 1}</Text>
      </Group>
    </>
  );
}
