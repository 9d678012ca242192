import { Text } from "@mantine/core";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { ACTION_WORDS, boundInWords, rateInWords, type Names } from "../../kit/words/approvals.ts";

type SubjectLinesProps = { readonly action: ApprovalAction; readonly subject: ApprovalSubject; readonly label: string | null; readonly by: string | null };

/** What exactly is asked for: how much, of what, which way, for whom and why. Nothing that the yes is bound to is left out. */
export function SubjectLines({ action, subject, label, by }: SubjectLinesProps) {
  const names = useNames();
  const { rate, amount, quantity, reason } = subject;
  const size = [rate === null ? null : rateInWords(rate), amount === null ? null : names.money(amount), quantity === null ? null : `${quantity} pieces`].filter(Boolean).join(" · ");
  const place = label === null ? null : /^\d+$/.test(label) ? `Table ${label}` : label;
  return (
    <div>
      <Text fz={20} fw={750} lh={1.25}>{ACTION_WORDS[action]}{size ? ` ${size}` : ""}</Text>
      <Text c="var(--ink-2)">{[place, by].filter(Boolean).join(" · ")}</Text>
      {boundInWords(subject, names).map((line) => <Text key={line}>{line}</Text>)}
      {reason ? <Text c="var(--ink-2)" fs="italic">“{reason}”</Text> : null}
    </div>
  );
}

function useNames(): Names {
  const money = useMoneyText();
  const drawers = useAggregates("drawer");
  const accounts = useAggregates("house-account");
  const refunds = useAggregates("refund");
  return {
    money,
    drawer: (id) => drawers.find((one) => one.id === id)?.name ?? "another drawer",
    account: (id) => accounts.find((one) => one.id === id)?.name ?? "another account",
    refund: (id) => refunds.find((one) => one.id === id)?.document.number ?? "",
  };
}
