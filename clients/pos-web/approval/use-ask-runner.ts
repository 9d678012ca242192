import { notifications } from "@mantine/notifications";
import { useEffect, useRef } from "react";
import type { ApprovalState } from "#shared/domain/approval/state.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useSession } from "../../kit/hooks.ts";
import { ACTION_WORDS } from "../../kit/words/approvals.ts";
import { useAsks, type Ask } from "./asks.ts";

/** Does what was asked for as soon as the yes is there, and says so when it is a no. */
export function useAskRunner(): void {
  const send = useSend();
  const { author } = useSession();
  const waiting = useAsks((asks) => asks.waiting);
  const settle = useAsks((asks) => asks.settle);
  const approvals = useAggregates("approval");
  const running = useRef(new Set<string>());
  useEffect(() => {
    async function run(ask: Ask, approval: ApprovalState) {
      const answer = await send(ask.type, { ...ask.input, approval: ask.approval } as CommandInput<typeof ask.type>);
      if (answer.ok) tell("basil", `${approval.decidedBy?.name ?? "A manager"} agreed`, `${what(ask, approval)} is done.`);
      settle(ask.approval);
    }
    for (const ask of waiting) {
      const approval = approvals.find((each) => each.id === ask.approval);
      if (!approval || ask.author !== author || running.current.has(ask.approval)) continue;
      if (approval.status === "pending") continue;
      running.current.add(ask.approval);
      if (approval.status === "granted") void run(ask, approval);
      else {
        settle(ask.approval);
        if (approval.status === "denied") tell("chili", `${approval.decidedBy?.name ?? "A manager"} said no`, `${what(ask, approval)}${approval.reason ? `: ${approval.reason}` : "."}`);
      }
    }
  }, [waiting, approvals, author, send, settle]);
}

function what(ask: Ask, approval: ApprovalState): string {
  return `${ACTION_WORDS[ask.action]} (${/^\d+$/.test(approval.label) ? `table ${approval.label}` : approval.label})`;
}

function tell(color: string, title: string, message: string): void {
  notifications.show({ color, title, message, withBorder: true });
}
