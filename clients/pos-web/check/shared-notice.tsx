import { Button, Text } from "@mantine/core";
import { IconUsersGroup, IconX } from "@tabler/icons-react";
import classes from "./bill-board.module.css";
import type { Meant } from "./selection.ts";

type SharedNoticeProps = { readonly lines: readonly Meant[]; readonly on: string; readonly busy: boolean; readonly onShareAll: () => void; readonly onLeave: () => void };

/** What belongs to no seat has to lie somewhere after "by seat": it is said where, and one tap divides it. */
export function SharedNotice({ lines, on, busy, onShareAll, onLeave }: SharedNoticeProps) {
  const [first] = lines;
  const what = lines.length === 1 && first ? first.share.name : `${lines.length} lines of no seat`;
  return (
    <div className={classes["selection"]} role="status" aria-label="Of no seat">
      <Text fw={650} truncate style={{ flex: "1 1 0", minWidth: 0 }}>{what} {lines.length === 1 ? "lies" : "lie"} on {on}</Text>
      <Button size="lg" px="md" loading={busy} leftSection={<IconUsersGroup size={22} />} onClick={onShareAll}>Share with all</Button>
      <Button variant="default" px="sm" aria-label={`Leave on ${on}`} onClick={onLeave}><IconX size={22} /></Button>
    </div>
  );
}
