import { Group, Stack, Text } from "@mantine/core";
import type { CheckRefund } from "#shared/domain/check/evolve-payments.ts";
import type { ApprovedPayout } from "#shared/events/approval.ts";
import type { PayoutStatus } from "#shared/domain/payment/state.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { Payout } from "#shared/events/payment.ts";
import { useAggregate, useSignedIn } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { METHOD_WORDS } from "../../kit/words/methods.ts";
import { refundTitleInWords } from "../../kit/words/refund-rows.ts";

type Way = Pick<ApprovedPayout, "payment" | "method" | "amount"> & { readonly status?: PayoutStatus };

/** What leaves by each way, coins big: they are what somebody has to hand over. `by`: who does, when it is somebody else. */
export function RefundWays({ ways, label, by }: { readonly ways: readonly Way[]; readonly label: string; readonly by?: string | undefined }) {
  const text = useMoneyText();
  return (
    <Stack gap={4} role="group" aria-label={label} w="100%">
      {ways.map((way) => (
        <Group key={way.payment} justify="space-between" wrap="nowrap" align="baseline">
          <Text fz={18} c="var(--ink-2)">{by !== undefined && way.method === "cash" ? `${by} hands over in cash` : wayInWords(way)}</Text>
          <Text fz={way.method === "cash" && by === undefined ? 44 : 24} fw={850} lh={1.1}>{text(way.amount)}</Text>
        </Group>
      ))}
    </Stack>
  );
}

/** Of the last refund of a closed check: who gave it, what is handed over and by whom, and what became of what a provider gives back. Of two who refund at once one is told no, and must not hand over what the other does. */
export function RefundDone({ refund: { refund, document } }: { readonly refund: CheckRefund }) {
  const ways = useWays(refund, document.payouts.map(wayOf));
  const own = useSignedIn()?.staff?.id === document.by.staff;
  return (
    <Stack gap={4} px="sm" w="100%">
      <Text fz={20} fw={750}>{refundTitleInWords(document)}{own ? "" : ` by ${document.by.name}`}</Text>
      <RefundWays ways={ways} label={`Refund ${document.number}`} by={own ? undefined : document.by.name} />
    </Stack>
  );
}

/** With what became of each so far, as far as a provider gives it back. */
export function useWays(refund: string, ways: readonly Way[]): readonly Way[] {
  const state = useAggregate("refund", refund);
  return ways.map((way) => {
    const now = state?.payouts.find(({ payment }) => payment === way.payment);
    return now === undefined ? way : { ...wayOf(now), status: now.status };
  });
}

/** How it is with all of it: only what a provider gives back takes time, and may be refused. */
export function refundInWords(ways: readonly Way[]): string {
  const byProvider = ways.filter(({ method }) => method === "card-terminal" || method === "qr");
  if (byProvider.some(({ status }) => status === "failed")) return "is not paid back in full: a provider said no";
  return byProvider.every(({ status }) => status === "success") ? "is done" : "is under way";
}

function wayOf({ payment, method, amount, tip, rounding }: Payout): Way {
  return { payment, method, amount: moneyOf(minorUnits(amount) + minorUnits(tip) + minorUnits(rounding), amount.currency) };
}

const STATUS_WORDS: Readonly<Record<PayoutStatus, string>> = { pending: "asked for", sent: "asked for", success: "done", failed: "it said no", unknown: "nobody knows yet" };

function wayInWords({ method, status }: Way): string {
  switch (method) {
    case "cash":
      return "Hand over in cash";
    case "voucher":
      return "Voucher: no cash, give a new voucher";
    case "gift-card":
      return "Back on the gift card";
    case "house-account":
      return "Off the account";
    case "card-manual":
      return "Card by hand: refund it at its terminal";
    case "card-terminal":
    case "qr":
      return `Back by ${METHOD_WORDS[method]}${status === undefined ? "" : `, ${STATUS_WORDS[status]}`}`;
  }
}
