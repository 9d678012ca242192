import { IconInfoCircle } from "@tabler/icons-react";
import { useAggregates } from "../../kit/hooks.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { cameToNothing, endedInWords } from "../../kit/words/ended-attempts.ts";
import classes from "./pay.module.css";
import { useProviderName } from "./use-provider-name.ts";

/** Why the money that a provider was asked for is due again: its time may have run out while nobody looked. */
export function EndedNotice({ check }: { readonly check: string }) {
  const text = useMoneyText();
  const providerName = useProviderName();
  const ended = cameToNothing(useAggregates("payment"), check);
  if (!ended) return null;
  const provider = providerName(ended.request?.provider, ended.tender.method);
  return (
    <p className={classes["ended"]} role="status">
      <IconInfoCircle size={20} aria-hidden />
      {endedInWords(ended, provider, text)}
    </p>
  );
}
