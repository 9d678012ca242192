import { Table, Text } from "@mantine/core";
import { failureOf } from "../../kit/api.ts";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { useMerchant } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import { valueInWords } from "./differing-values.ts";
import own from "./operation-screen.module.css";

/** What a comparison found: of each row what the log says and what is in use. */
export function DifferingRows({ maintenance }: { readonly maintenance: string }) {
  const found = useHubQuery<Outputs["operation"]["differences"]>("operation.differences", { maintenance });
  const money = useMoneyText();
  const currency = useMerchant()?.currency ?? "";
  if (found.isError) return <ErrorState title="No rows" text={failureInWords(failureOf(found.error))} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading label="Looking for rows" />;
  if (found.data.length === 0) return <Text>None of this place: the rows that differ are of other places.</Text>;
  return (
    <div className={own["scroll"]}>
      <Text c="var(--ink-3)" fz={14}>Of each table the first 50 rows of this place. Other places' rows are not looked at here: they are seen at those places.</Text>
      <Table fz={14} verticalSpacing={6} miw={700}>
        <Table.Thead><Table.Tr><Table.Th>Table</Table.Th><Table.Th>Row</Table.Th><Table.Th>Field</Table.Th><Table.Th>The log says</Table.Th><Table.Th>In use</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {found.data.flatMap(({ table, key, fields }) => fields.map(({ field, expected, found: there }, i) => (
            <Table.Tr key={`${table} ${JSON.stringify(key)} ${field}`}>
              <Table.Td>{i === 0 ? table : ""}</Table.Td>
              <Table.Td>{i === 0 ? Object.values(key).join(" ") : ""}</Table.Td>
              <Table.Td>{field}</Table.Td>
              <Table.Td>{valueInWords(expected, { table, key, field }, currency, money)}</Table.Td>
              <Table.Td>{valueInWords(there, { table, key, field }, currency, money)}</Table.Td>
            </Table.Tr>
          )))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
