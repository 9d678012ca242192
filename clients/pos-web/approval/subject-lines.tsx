import { Text } from "@mantine/core";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import { minorUnits } from "#shared/money/money.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { ACTION_WORDS, boundInWords, rateInWords, type Names } from "../../kit/words/approvals.ts";
import { owedInWords } from "../../kit/words/cash.ts";
import { owedTo, useTips } from "../drawer/use-tips.ts";
import { useProviderName } from "../pay/use-provider-name.ts";

type SubjectLinesProps = { readonly action: ApprovalAction; readonly subject: ApprovalSubject; readonly label: string | null; readonly by: string | null };

/** What exactly is asked for: how much, of what, which way, for whom and why. Nothing that the yes is bound to is left out. */
export function SubjectLines({ action, subject, label, by }: SubjectLinesProps) {
  const names = useNames();
  const { rate, amount, quantity, reason } = subject;
  const size = [rate === null ? null : rateInWords(rate), amount === null ? null : names.money(amount), quantity === null ? null : `${quantity} ${quantity === "1" ? "piece" : "pieces"}`].filter(Boolean).join(" · ");
  const place = label === null ? null : tableTitle(label);
  return (
    <div>
      <Text fz={20} fw={750} lh={1.25}>{ACTION_WORDS[action]}{size ? ` ${size}` : ""}</Text>
      <Text c="var(--ink-2)">{[place, by].filter(Boolean).join(" · ")}</Text>
      {boundInWords(subject, names).map((line) => <Text key={line}>{line}</Text>)}
      {subject.purpose === "tips" || subject.purpose === "tips-of-pool" ? <TipsNow subject={subject} /> : null}
      {reason ? <Text c="var(--ink-2)" fs="italic">“{reason}”</Text> : null}
    </div>
  );
}

/** Nobody can say yes to tips without knowing what is owed: by the books, now. */
function TipsNow({ subject: { purpose, person, amount } }: { readonly subject: ApprovalSubject }) {
  const money = useMoneyText();
  const tips = useTips();
  if (person === null || amount === null) return null;
  if (!tips.data) return <Text c="var(--ink-2)">{tips.isError ? "What is owed is not known now." : "Looking up what is owed…"}</Text>;
  const ofPool = purpose === "tips-of-pool";
  const owed = owedTo(tips.data, ofPool ? null : person.staff, amount.currency);
  const tooMuch = minorUnits(amount) > minorUnits(owed);
  return <Text fw={650} c={tooMuch ? "chili.6" : "var(--ink)"} role="status">{ofPool ? "The pool" : person.name}: {owedInWords(owed, money)}{tooMuch ? ", less than this" : ""}</Text>;
}

function useNames(): Names {
  const money = useMoneyText();
  const drawers = useAggregates("drawer");
  const accounts = useAggregates("house-account");
  const refunds = useAggregates("refund");
  const providerName = useProviderName();
  return {
    money,
    drawer: (id) => drawers.find((one) => one.id === id)?.name ?? "another drawer",
    account: (id) => accounts.find((one) => one.id === id)?.name ?? "another account",
    refund: (id) => refunds.find((one) => one.id === id)?.document.number ?? "",
    provider: (id) => providerName(id, "card-terminal"),
  };
}
