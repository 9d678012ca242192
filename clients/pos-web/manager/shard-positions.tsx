import { Table } from "@mantine/core";
import { Dialog } from "../../kit/ui/dialog.tsx";
import type { OperationStatus } from "../../kit/words/operation.ts";

type ShardPositionsProps = { readonly group: OperationStatus["groups"][number] | undefined; readonly onClose: () => void };

/** Where a consumer stands in each shard of the log, as it moves on. */
export function ShardPositions({ group, onClose }: ShardPositionsProps) {
  return (
    <Dialog opened={group !== undefined} onClose={onClose} title={group === undefined ? "" : `Positions of ${group.group}`} centered>
      <Table fz={15} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr><Table.Th>Shard</Table.Th><Table.Th ta="right">At</Table.Th><Table.Th ta="right">Of</Table.Th><Table.Th ta="right">Waiting</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {group?.shards.map(({ shard, checkpoint, head, lag }) => (
            <Table.Tr key={shard}><Table.Td fw={700}>{shard}</Table.Td><Table.Td ta="right">{checkpoint}</Table.Td><Table.Td ta="right">{head}</Table.Td><Table.Td ta="right">{lag}</Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  );
}
