import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import type { CommandInput, CommandType } from "#shared/domain/registry.ts";
import { useSend } from "../../kit/commands/use-send.ts";

export type KitchenCommand = Extract<CommandType, `ticket.${string}`>;
export type Work = <Type extends KitchenCommand>(type: Type, input: CommandInput<Type>) => void;

/** A cook's command: shown at once, sent until there is an answer. */
export function useWork(): Work {
  const send = useSend();
  return useCallback(
    (type, input) => {
      void send(type, input, { shownElsewhere: ["signed-out"] }).then((answer) => {
        if (answer.ok || answer.refusal.refused !== "signed-out") return;
        notifications.show({ color: "chili", title: "Not done", message: "This screen is signing in again. Touch once more in a moment.", withBorder: true });
      });
    },
    [send],
  );
}
