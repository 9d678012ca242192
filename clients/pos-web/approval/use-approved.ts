import { useCallback } from "react";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import { useSend, type SendOptions } from "../../kit/commands/use-send.ts";
import { useHub } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { useSayings } from "../check/said.tsx";
import { useAsks } from "./asks.ts";

type ApprovedOptions<Type extends CommandType> = SendOptions & {
  /** Said when it is done: now, or when somebody has agreed to it over this screen. The dialog that asked for it is gone by then. */
  readonly said?: (result: CommandResult<Type>) => string;
};

/** What needs an approval asks for it by itself (DOM-20): the refusal `approval-required` says what for. */
export function useApproved() {
  const hub = useHub();
  const send = useSend();
  const say = useSayings((sayings) => sayings.say);
  return useCallback(
    async <Type extends CommandType>(type: Type, input: CommandInput<Type>, { said, shownElsewhere = [] }: ApprovedOptions<Type> = {}): Promise<CommandAnswer<CommandResult<Type>>> => {
      const answer = await send(type, input, { shownElsewhere: [...shownElsewhere, "approval-required"] });
      if (answer.ok) {
        if (said) say(said(answer.result));
        return answer;
      }
      const { author } = hub.session.state.get();
      if (answer.refusal.refused === "approval-required" && author !== null) {
        const { action, subject } = answer.refusal as unknown as { action: ApprovalAction; subject: ApprovalSubject };
        useAsks.getState().ask({ approval: newId("approval"), author, action, subject, type, input: input as Record<string, unknown>, ...(said ? { said: said as (result: unknown) => string } : {}) });
      }
      return answer;
    },
    [hub, say, send],
  );
}

/** Asked for, so the dialog that began it may close: the rest happens over it or from afar. */
export function isUnderWay(answer: CommandAnswer<unknown>): boolean {
  return answer.ok || answer.refusal.refused === "approval-required";
}
