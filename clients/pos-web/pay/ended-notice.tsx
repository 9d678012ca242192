import { IconInfoCircle } from "@tabler/icons-react";
import { useAggregates, useMerchant } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { cameToNothing, endedInWords } from "../../kit/words/ended-attempts.ts";
import { METHOD_WORDS } from "../../kit/words/methods.ts";
import classes from "./pay.module.css";

/** Why the money that a provider was asked for is due again: its time may have run out while nobody looked. */
export function EndedNotice({ check }: { readonly check: string }) {
  const text = useMoneyText();
  const merchant = useMerchant();
  const ended = cameToNothing(useAggregates("payment"), check);
  if (!ended) return null;
  const provider = merchant?.providers?.find((each) => each.provider === ended.request?.provider)?.name ?? METHOD_WORDS[ended.tender.method];
  return (
    <p className={classes["ended"]} role="status">
      <IconInfoCircle size={20} aria-hidden />
      {endedInWords(ended, provider, text)}
    </p>
  );
}
