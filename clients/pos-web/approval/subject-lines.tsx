import { Text } from "@mantine/core";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { ACTION_WORDS, rateInWords } from "../../kit/words/approvals.ts";

type SubjectLinesProps = { readonly action: ApprovalAction; readonly subject: ApprovalSubject; readonly label: string | null; readonly by: string | null };

/** What exactly is asked for: how much, of what, for whom and why. */
export function SubjectLines({ action, subject, label, by }: SubjectLinesProps) {
  const money = useMoneyText();
  const { rate, amount, lines, quantity, reason } = subject;
  const size = [rate === null ? null : rateInWords(rate), amount === null ? null : money(amount), quantity === null ? null : `${quantity} pieces`].filter(Boolean).join(" · ");
  const place = label === null ? null : /^\d+$/.test(label) ? `Table ${label}` : label;
  return (
    <div>
      <Text fz={20} fw={750} lh={1.25}>{ACTION_WORDS[action]}{size ? ` ${size}` : ""}</Text>
      <Text c="var(--ink-2)">{[place, lines.length > 0 ? `${lines.length} ${lines.length === 1 ? "line" : "lines"}` : null, by].filter(Boolean).join(" · ")}</Text>
      {reason ? <Text c="var(--ink-2)" fs="italic">“{reason}”</Text> : null}
    </div>
  );
}
