import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import { useHub } from "../hooks.ts";
import { refusalInWords } from "../words/refusals.ts";
import { HUB_FAULT } from "./outbox.ts";

export type SendOptions = {
  /** Refusals that the screen shows in its own way. */
  readonly shownElsewhere?: readonly string[];
};

/** Sends a command; a refusal is told in words unless the screen shows it itself, or the outbox has told it (`HUB_FAULT`). */
export function useSend() {
  const hub = useHub();
  return useCallback(
    async <Type extends CommandType>(type: Type, input: CommandInput<Type>, options: SendOptions = {}): Promise<CommandAnswer<CommandResult<Type>>> => {
      const answer = await hub.send(type, input);
      if (!answer.ok && answer.refusal.refused !== HUB_FAULT && !options.shownElsewhere?.includes(answer.refusal.refused)) {
        notifications.show({ color: "chili", title: "Not done", message: refusalInWords(answer.refusal), withBorder: true });
      }
      return answer;
    },
    [hub],
  );
}
