import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";

const OFFERED_MS = 12_000;

/** Says what was done, with one tap to undo it. */
export function offerUndo(message: string, icon: ReactNode, undo: () => void): void {
  const id = notifications.show({
    color: "tide",
    withBorder: true,
    autoClose: OFFERED_MS,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button variant="default" size="md" h={48} leftSection={icon} onClick={() => {
          notifications.hide(id);
          undo();
        }}>Undo</Button>
      </Group>
    ),
  });
}
