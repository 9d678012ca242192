import { useCallback } from "react";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import { useSend, type SendOptions } from "../../kit/commands/use-send.ts";
import { useHub } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { useAsks } from "./asks.ts";

/** What needs an approval asks for it by itself (DOM-20): the refusal `approval-required` says what for. */
export function useApproved() {
  const hub = useHub();
  const send = useSend();
  return useCallback(
    async <Type extends CommandType>(type: Type, input: CommandInput<Type>, options: SendOptions = {}): Promise<CommandAnswer<CommandResult<Type>>> => {
      const answer = await send(type, input, { shownElsewhere: [...(options.shownElsewhere ?? []), "approval-required"] });
      const { author } = hub.session.state.get();
      if (!answer.ok && answer.refusal.refused === "approval-required" && author !== null) {
        const { action, subject } = answer.refusal as unknown as { action: ApprovalAction; subject: ApprovalSubject };
        useAsks.getState().ask({ approval: newId("approval"), author, action, subject, type, input: input as Record<string, unknown> });
      }
      return answer;
    },
    [hub, send],
  );
}

/** Asked for, so the dialog that began it may close: the rest happens over it or from afar. */
export function isUnderWay(answer: CommandAnswer<unknown>): boolean {
  return answer.ok || answer.refusal.refused === "approval-required";
}
