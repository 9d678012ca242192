import { Button, Group, SimpleGrid, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { typedMinor } from "../pay/cash-amounts.ts";
import { divisibleOf, MOST_PARTS } from "./equal-parts.ts";
import { useSayings } from "./said.tsx";
import type { Surgery } from "./use-surgery.ts";

type EquallyProps = { readonly check: CheckState; readonly name: string; readonly covers: number; readonly surgery: Surgery; readonly onClose: () => void };

/** Equal payment parts of one check: one tap on how many. What somebody has paid, or is paying, stays as it is, and the rest is divided. */
export function EquallyDialog({ check, name, covers, surgery, onClose }: EquallyProps) {
  const say = useSayings((sayings) => sayings.say);
  const text = useMoneyText();
  const { kept, left, beingPaid } = divisibleOf(check);
  const more = kept.length > 0;
  const least = more ? 1 : 2;
  const counts = Array.from({ length: 13 - least }, (_, i) => i + least);
  if (!more && covers > 12 && covers <= MOST_PARTS) counts.push(covers);
  const wordsOf = (count: number) => (more ? `${count} more equal part${count === 1 ? "" : "s"}` : `${count} equal parts`);
  const go = async (count: number) => {
    onClose();
    if (await surgery.equally(check, count)) say(wordsOf(count));
  };
  const wholeAgain = async () => {
    onClose();
    if (await surgery.wholeAgain(check.id)) say("No parts any more");
  };
  return (
    <Dialog opened onClose={onClose} size={560} lockScroll={false} title={<Text fz={22} fw={750}>{name}: {more ? "the rest in how many equal parts?" : "in how many equal parts?"}</Text>}>
      {more ? <Text mb="sm" c="var(--ink-2)">{keptWords(kept.length, beingPaid)} {left > 0n ? `${text(moneyOf(left, check.currency))} is left to divide.` : "Nothing is left to divide."}</Text> : null}
      <SimpleGrid cols={4}>
        {counts.map((count) => (
          <Button key={count} h={68} fz={24} variant={!more && count === covers ? "filled" : "default"} disabled={more && (left <= 0n || kept.length + count > MOST_PARTS)} aria-label={wordsOf(count)} onClick={() => void go(count)}>{count}</Button>
        ))}
      </SimpleGrid>
      {(check.parts ?? []).length > 0 ? (
        <Button mt="md" fullWidth variant="default" disabled={more} leftSection={<IconX size={20} />} onClick={() => void wholeAgain()}>
          {more ? `No parts any more: not ${beingPaid ? "while one is being paid" : "once one is paid"}` : "No parts any more"}
        </Button>
      ) : null}
    </Dialog>
  );
}

function keptWords(count: number, beingPaid: boolean): string {
  const what = beingPaid ? "paid or being paid" : "paid";
  return count === 1 ? `One part is ${what} and stays.` : `${count} parts are ${what} and stay.`;
}

/** A part of an amount that somebody names; the rest stays as one more part. */
export function AmountDialog({ check, name, due, onClose }: { readonly check: CheckState; readonly name: string; readonly due: bigint; readonly onClose: () => void }) {
  const send = useSend();
  const say = useSayings((sayings) => sayings.say);
  const text = useMoneyText();
  const merchant = useMerchant();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const amount = typedMinor(typed, check.currency, merchant?.displayDigits ?? 2);
  const parts = check.parts ?? [];
  const fixed = parts.filter((part) => part.amount !== null);
  const tooMuch = amount >= due;

  async function go() {
    if (busy || amount === 0n || tooMuch) return;
    setBusy(true);
    const kept = parts.map(({ part, name: own, amount: fixedAt }) => ({ part, name: own, amount: fixedAt }));
    const added = { part: newId("part"), name: `Amount ${fixed.length + 1}`, amount: moneyOf(amount, check.currency) };
    const rest = parts.some((part) => part.amount === null) ? [] : [{ part: newId("part"), name: "Rest", amount: null }];
    const { ok } = await send("check.setParts", { operation: newId("operation"), check: check.id, parts: [...kept, added, ...rest] });
    setBusy(false);
    if (!ok) return;
    onClose();
    say(`${added.name}: ${text(added.amount)}`);
  }

  return (
    <Dialog opened onClose={onClose} size={440} title={<Text fz={22} fw={750}>{name}: a part of how much?</Text>}>
      <Stack gap="sm">
        <Group justify="space-between"><Text c="var(--ink-2)">of {text(moneyOf(due, check.currency))}</Text><Text fz={36} fw={800} c={tooMuch ? "chili.6" : "var(--ink)"}><VisuallyHidden>Part </VisuallyHidden>{text(moneyOf(amount, check.currency))}</Text></Group>
        <NumPad label="Part's amount" value={typed} onChange={setTyped} maxLength={10} corner="00" onEnter={() => void go()} />
        <Button size="xl" loading={busy} disabled={amount === 0n || tooMuch} onClick={() => void go()}>Make this part</Button>
      </Stack>
    </Dialog>
  );
}
