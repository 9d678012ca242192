import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { useHub, useMerchant, useSession } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { isUnderWay, useApproved } from "../approval/use-approved.ts";
import { typedMinor } from "../pay/cash-amounts.ts";
import classes from "./drawer-screen.module.css";

/** Tips that the house owes its staff, out of the drawer. */
export function PayTips({ drawer, onDone }: { readonly drawer: DrawerState; readonly onDone: () => void }) {
  const hub = useHub();
  const approved = useApproved();
  const text = useMoneyText();
  const merchant = useMerchant();
  const { pairing } = useSession();
  const people = useQuery({ queryKey: ["people", pairing?.device], queryFn: () => hub.session.people(), staleTime: 60_000, retry: false });
  const [to, setTo] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { currency } = drawer.float;
  const amount = moneyOf(typedMinor(typed, currency, merchant?.displayDigits ?? 2), currency);

  async function go() {
    if (busy || to === null || amount.amount === "0") return;
    setBusy(true);
    const answer = await approved("drawer.payTips", { drawer: drawer.id, movement: newId("movement"), amount, to });
    setBusy(false);
    if (isUnderWay(answer)) onDone();
  }

  return (
    <Stack gap="sm">
      <h2 className={classes["title"]}>Pay tips</h2>
      <SimpleGrid cols={2} spacing={8} role="group" aria-label="To whom">
        {(people.data?.people ?? []).map((person) => (
          <Button key={person.staff} h={56} justify="flex-start" px="sm" variant={person.staff === to ? "filled" : "default"} aria-pressed={person.staff === to} leftSection={<PersonBadge name={person.name} color={person.color} size={32} />} onClick={() => setTo(person.staff)}>
            {person.name}
          </Button>
        ))}
      </SimpleGrid>
      <Text fz={40} fw={800} ta="center" lh={1.1} aria-label="Amount">{text(amount)}</Text>
      <NumPad label="Cash amount" value={typed} onChange={setTyped} maxLength={9} corner="00" onEnter={() => void go()} />
      <Button size="xl" loading={busy} disabled={to === null || amount.amount === "0"} onClick={() => void go()}>Pay tips {amount.amount === "0" ? "" : text(amount)}</Button>
    </Stack>
  );
}
