import { Button } from "@mantine/core";
import { moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { refusalInWords } from "../../kit/words/refusals.ts";
import { useSayings } from "../check/said.tsx";
import { DrawerChoice } from "../drawer/drawer-choice.tsx";
import { useTills } from "../drawer/use-open-drawer.ts";
import { WhichDrawer } from "../drawer/which-drawer.tsx";
import { handedOver, madeOfCoins, noCoinsInWords, shortMoney } from "./cash-amounts.ts";
import { PayFields } from "./pay-fields.tsx";
import classes from "./pay.module.css";
import type { PayForm } from "./pay-pane.tsx";

/** Letters of an amount that four buttons beside each other have room for. */
const FOUR_IN_A_ROW = 9;

export function CashPane({ form }: { readonly form: PayForm }) {
  const send = useSend();
  const say = useSayings((sayings) => sayings.say);
  const { own: drawer } = useTills();
  const { covers, tip, payable, typed, tooMuch, may, busy, money } = form;
  const step = BigInt(payable.check.policies.cashStep);
  // Only cash that clears the check is rounded to coins that exist.
  const bill = covers === payable.due ? roundToStep(covers, step) : covers;
  const cash = bill + tip;
  const odd = [bill, tip].find((amount) => madeOfCoins(amount, step) !== null);
  const noCoins = odd === undefined ? null : noCoinsInWords(odd, madeOfCoins(odd, step) ?? [], money);
  const blocked = !may || tooMuch || noCoins !== null;
  const rounded = cash !== covers + tip;
  const received = typed.own === "" ? cash : form.minor(typed.own);
  async function take(tendered: bigint) {
    if (!drawer) return;
    await form.pay(async () => {
      const answer = await send("payment.takeCash", { ...form.common(), drawer: drawer.id, tendered: moneyOf(tendered, payable.check.currency) });
      // Away from the hub the answer may come long after the tap.
      if (!answer.ok) say(refusalInWords(answer.refusal));
      return answer;
    });
  }
  const quick = handedOver(cash, payable.check.currency).map((amount) => ({ amount, words: shortMoney(money(amount)) }));
  // What cannot be taken has no quick ways: their room is the sentence's that says why.
  const isLong = quick.some(({ words }) => words.length > FOUR_IN_A_ROW);
  const enough = !blocked && typed.own !== "" && received >= cash;
  if (!drawer) return <WhichDrawer />;
  return (
    <>
      <DrawerChoice />
      <PayFields form={form} own={{ label: "Received", value: typed.own === "" ? "exact" : money(received) }} wrong={noCoins} />
      <div className={classes["quick"]} data-long={isLong}>
        <Button className={classes["exact"] ?? ""} size="xl" color="basil.6" loading={busy} disabled={blocked || covers === 0n} onClick={() => void take(cash)} aria-label="Exact cash" aria-description={rounded ? `rounded from ${money(covers + tip)}` : undefined}>
          <span className={classes["exactText"]}>
            Exact {money(cash)}
            {rounded ? <small>rounded from {money(covers + tip)}</small> : null}
          </span>
        </Button>
        {quick.slice(0, blocked ? 0 : isLong ? 3 : 4).map(({ amount, words }) => (
          <Button key={amount.toString()} variant="default" px={4} disabled={busy} onClick={() => void take(amount)} aria-label={`Cash ${money(amount)}`}>{words}</Button>
        ))}
      </div>
      <NumPad label="Amount" value={typed[form.field]} onChange={form.type} maxLength={form.mostDigits} corner="00" onEnter={() => void (enough ? take(received) : undefined)} />
      <Button className={classes["take"] ?? ""} size="lg" disabled={!enough} loading={busy} onClick={() => void take(received)}>
        {typed.own === "" ? "Take cash" : received < cash ? `${money(cash - received)} missing` : `Take cash, change ${money(received - cash)}`}
      </Button>
    </>
  );
}
