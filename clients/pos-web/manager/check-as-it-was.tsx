import { Text } from "@mantine/core";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { LineCard } from "../check/line-card.tsx";
import { PartTotals } from "../check/part-totals.tsx";
import { linesOf } from "../check/parts.ts";
import { useTenderName } from "../check/tender-row.tsx";
import classes from "./checks-screen.module.css";

/** Folded from the log up to one point: nothing here can be changed. */
export function CheckAsItWas({ check, at, now }: { readonly check: CheckState; readonly at: string; readonly now: boolean }) {
  const text = useMoneyText();
  const merchant = useMerchant();
  return (
    <>
      <Text fz={20} fw={750} px="sm" pb="xs">{now ? "As it is now" : `As it was at ${merchant ? timeOfDay(at, merchant.zone) : at}`}</Text>
      <div className={classes["lines"]}>
        {linesOf(check).map((share) => <LineCard key={share.share} share={share} currency={check.currency} rounding={check.policies.rounding} text={text} selected={false} quantity={null} fresh={false} large disabled />)}
        {linesOf(check).length === 0 ? <Text c="var(--ink-3)" p="md">Nothing was on it.</Text> : null}
      </div>
      <PartTotals check={check} size="plain" text={text} />
      {check.tenders.map((tender) => (
        <div key={tender.payment} className={classes["tender"]}>
          <TenderName tender={tender} />
          <span>−{text(tender.amount)}</span>
        </div>
      ))}
    </>
  );
}

function TenderName({ tender }: { readonly tender: Tender }) {
  return <span>{useTenderName(tender)}</span>;
}
