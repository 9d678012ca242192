import { Button, SegmentedControl, SimpleGrid, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { unitNow } from "#shared/domain/merchant/charged-unit.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { failureOf } from "../../kit/api.ts";
import { useHub, useMerchant, useSession } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { MOVEMENT_WORDS, owedInWords } from "../../kit/words/cash.ts";
import { failureInWords } from "../../kit/words/failures.ts";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { typedMinor } from "../pay/cash-amounts.ts";
import classes from "./drawer-screen.module.css";
import { owedTo, useTips } from "./use-tips.ts";

/** Tips that the house owes its staff, out of the drawer: their own, or their part of the pool. All that is owed, unless another amount is typed. */
export function PayTips({ drawer, onDone }: { readonly drawer: DrawerState; readonly onDone: () => void }) {
  const hub = useHub();
  const approved = useApproved();
  const text = useMoneyText();
  const merchant = useMerchant();
  const { pairing } = useSession();
  const people = useQuery({ queryKey: ["people", pairing?.device], queryFn: () => hub.session.people(), staleTime: 60_000, retry: false });
  const tips = useTips();
  const [to, setTo] = useState<string | null>(null);
  const [from, setFrom] = useState<"own" | "pool">(merchant?.policies?.tips?.recipient === "pool" ? "pool" : "own");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = drawer.float;
  const owed = (staff: string | null) => (tips.data ? owedTo(tips.data, staff, currency) : undefined);
  const theirs = from === "own" && to !== null ? owed(to) : undefined;
  // A sen that a card's tip had in it stays owed: there is no such coin.
  const all = theirs && moneyOf(roundToStep(minorUnits(theirs), unitNow(merchant), "down"), currency);
  const amount = typed === "" && all && minorUnits(all) > 0n ? all : moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);
  const pool = owed(null);

  async function go() {
    if (busy || to === null || amount.amount === "0") return;
    setBusy(true);
    const answer = await approved("drawer.payTips", { drawer: drawer.id, movement: newId("movement"), amount, to, ...(from === "pool" ? { pool: true as const } : {}) }, { said: () => `${MOVEMENT_WORDS["tips-paid"]}: ${text(amount)}` });
    setBusy(false);
    if (isUnderWay(answer)) onDone();
  }

  return (
    <Stack gap="sm">
      <h2 className={classes["title"]}>Pay tips</h2>
      <SegmentedControl fullWidth aria-label="Whose tips" value={from} onChange={(value) => setFrom(value === "pool" ? "pool" : "own")} data={[{ value: "own", label: "Their own" }, { value: "pool", label: "Out of the pool" }]} />
      {from === "pool" && pool ? <Text fw={650}>The pool: {owedInWords(pool, text)}</Text> : null}
      {tips.isError ? <Text c="chili.6" role="alert">{failureInWords(failureOf(tips.error))}</Text> : null}
      <SimpleGrid cols={(people.data?.people.length ?? 0) > 4 ? 3 : 2} spacing={6} role="group" aria-label="To whom">
        {(people.data?.people ?? []).map((person) => {
          const theirs = from === "own" ? owed(person.staff) : undefined;
          return (
            <Button key={person.staff} h="auto" mih={56} py={4} justify="flex-start" px={6} styles={{ section: { marginInlineEnd: 6 }, label: { whiteSpace: "normal", textAlign: "left", lineHeight: 1.15 } }} variant={person.staff === to ? "filled" : "default"} aria-pressed={person.staff === to} leftSection={<PersonBadge name={person.name} color={person.color} size={28} />} onClick={() => { setTo(person.staff); setTyped(""); }}>
              <span>
                {person.name}
                {theirs ? <Text component="span" display="block" fz="sm" ta="left">{owedInWords(theirs, text)}</Text> : null}
              </span>
            </Button>
          );
        })}
      </SimpleGrid>
      <Text fz={34} fw={800} ta="center" lh={1.1}><VisuallyHidden>Amount </VisuallyHidden>{text(amount)}</Text>
      <NumPad label="Cash amount" value={typed} onChange={setTyped} maxLength={9} corner="00" onEnter={() => void go()} />
      <Button size="xl" loading={busy} disabled={to === null || amount.amount === "0"} onClick={() => void go()}>Pay tips {amount.amount === "0" ? "" : text(amount)}</Button>
    </Stack>
  );
}
