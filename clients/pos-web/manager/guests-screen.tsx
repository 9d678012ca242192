import { Alert, Button, Group, List, Progress, Text, TextInput } from "@mantine/core";
import { IconSearch, IconUserX } from "@tabler/icons-react";
import { useState } from "react";
import type { Refusal } from "#shared/domain/command.ts";
import { failureOf } from "../../kit/api.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { dayAndTime } from "../../kit/format.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { EmptyState, ErrorState, Loading } from "../../kit/ui/states.tsx";
import { erasureInWords, erasurePercent } from "../../kit/words/erasures.ts";
import { failureInWords } from "../../kit/words/failures.ts";
import { refusalInWords } from "../../kit/words/refusals.ts";
import { ReasonChips } from "../parts/reason-chips.tsx";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import classes from "./manager-screen.module.css";
import own from "./operation-screen.module.css";

type Named = Outputs["guest"]["named"][number];
type Erasures = Outputs["guest"]["erasures"];

/** Guests who ask to be forgotten: what bears their name is found, erased for a reason, and how far that is can be seen. */
export function GuestsScreen() {
  const may = useMay("guest.erase");
  const zone = useMerchant()?.zone ?? "UTC";
  const [search, setSearch] = useState("");
  const wanted = search.trim();
  const found = useHubQuery<Outputs["guest"]["named"]>("guest.named", { search: wanted }, { enabled: may && wanted !== "" });
  const asked = useHubQuery<Erasures>("guest.erasures", undefined, { live: 1_500, enabled: may });
  const [chosen, setChosen] = useState<Named | null>(null);
  if (!may) return <EmptyState icon={<IconUserX size={48} />} title="For who may erase guests" text="Sign in as somebody who may take a guest's data out." />;
  const named = wanted === "" || found.isError ? undefined : found.data;
  return (
    <div className={classes["today"]}>
      <section className={classes["box"]} aria-label="Erase a guest">
        <h2 className={classes["title"]}>Erase a guest</h2>
        <TextInput aria-label="Search guests" placeholder="A name, what a tab is called, a word of a note or an allergy, or the id of an order or account" leftSection={<IconSearch size={22} />} value={search} maxLength={40} onChange={(event) => setSearch(event.currentTarget.value)} />
        {wanted !== "" && found.isError ? <ErrorState title="Nobody found" text={failureInWords(failureOf(found.error))} onRetry={() => void found.refetch()} /> : null}
        {wanted !== "" && found.isPending ? <Loading label="Looking for guests" /> : null}
        {named?.length === 0 ? <Text c="var(--ink-3)" mt="sm">Nothing bears that name.</Text> : null}
        {named?.map((each) => (
          <div key={each.subject} className={own["letter"]} data-open={!each.open}>
            <div className={own["what"]}>
              <Text fw={700}>{each.kind === "order" ? `Order: ${guestOf(each)}` : `Account: ${each.name}`}</Text>
              <Text fz={14} c="var(--ink-3)">
                {each.openedAt === null ? "" : `${dayAndTime(new Date(each.openedAt), zone)} · `}{each.notes === 0 ? "" : `${each.notes} with a note · `}{each.allergies === 0 ? "" : `${each.allergies} with an allergy · `}{each.subject}
              </Text>
            </div>
            {each.open ? <Text c="var(--ink-2)">{each.kind === "order" ? "is not finished yet" : "is not closed yet"}</Text> : <Button h={48} color="chili.6" onClick={() => setChosen(each)}>Erase</Button>}
          </div>
        ))}
      </section>
      <section className={classes["box"]} aria-label="Erasures">
        <h2 className={classes["title"]}>Erasures</h2>
        {asked.data?.length === 0 ? <Text c="var(--ink-3)">Nobody was erased.</Text> : null}
        {asked.data?.map((each) => (
          <div key={each.erasure} className={own["letter"]} data-open={each.state !== "done"}>
            <div className={own["what"]}>
              <Text fw={700}>{erasureInWords(each)}</Text>
              <Text fz={14} c="var(--ink-3)">{dayAndTime(each.askedAt, zone)} · {each.by}: {each.reason} · {each.subject}</Text>
            </div>
            <Progress w={220} size="lg" value={erasurePercent(each)} color={each.waitsFor === "trouble" ? "chili" : "tide"} aria-label={`${each.subject}, ${erasurePercent(each)} %`} />
          </div>
        ))}
      </section>
      <Dialog opened={chosen !== null} onClose={() => setChosen(null)} title={chosen === null ? "" : `Erase ${chosen.customer ?? chosen.name}`} size="lg">
        {chosen === null ? null : <EraseStep named={chosen} onDone={() => { setChosen(null); void found.refetch(); void asked.refetch(); }} />}
      </Dialog>
    </div>
  );
}

/** "Pickup Nora" says whose it is already. */
function guestOf({ name, customer }: Named): string {
  return customer === null || name.includes(customer) ? name : `${name}, ${customer}`;
}

function EraseStep({ named, onDone }: { readonly named: Named; readonly onDone: () => void }) {
  const send = useSend();
  const [busy, setBusy] = useState(false);
  /** The kitchen still makes it: asked for that reason, and not done yet. */
  const [held, setHeld] = useState<{ readonly reason: string; readonly refusal: Refusal } | null>(null);

  async function erase(reason: string, whileMade: "refuse" | "erase" = "refuse") {
    setBusy(true);
    const answer = named.kind === "order" ? await send("order.eraseGuest", { order: named.subject, reason, whileMade }, { shownElsewhere: ["order-being-made"] }) : await send("payment.eraseHouseAccount", { account: named.subject, reason });
    setBusy(false);
    if (answer.ok) onDone();
    else if (answer.refusal.refused === "order-being-made") setHeld({ reason, refusal: answer.refusal });
  }

  if (held !== null) {
    return (
      <Alert color="saffron" title="Not finished yet">
        <Text mb="md">{refusalInWords(held.refusal)} When no screen of the kitchen says that it is done, because it prints, erase it once the guest has it. An allergy stays before the cooks until they are done with the food or the day is over; the rest is erased by itself then.</Text>
        <Group>
          <Button h={48} variant="default" disabled={busy} onClick={() => setHeld(null)}>Not now</Button>
          <Button h={48} color="chili.6" loading={busy} onClick={() => void erase(held.reason, "erase")}>Erase all the same</Button>
        </Group>
      </Alert>
    );
  }
  return (
    <>
      <Text>What goes, for good:</Text>
      <List mb="sm">
        {named.kind === "order" ? (
          <>
            <List.Item>the guest's name, notes and allergies with items, and what the tab and the parts of its bill were called</List.Item>
            <List.Item>on the order and every order that it was ever merged with or split from, also when that was undone; on their bills, tickets and requests for leave</List.Item>
            <List.Item>slips that are kept, files of the receipt, and the name among a day's open bills</List.Item>
          </>
        ) : (
          <List.Item>the name on the account, on what was written of it, on slips that are kept, and files of its statement</List.Item>
        )}
      </List>
      <Text>What stays: amounts, items and times, which belong to nobody then. <b>Not covered:</b> paper, files that somebody saved, backups, and free text that staff wrote elsewhere (reasons of voids, discounts and refunds, notes on the drawer, slip numbers). The audit says who erased it and why.</Text>
      <ReasonChips question="Why? It is kept with your name: do not name the guest." reasons={["The guest asked for it", "It was kept long enough"]} disabled={busy} onPick={(reason) => void erase(reason)} />
    </>
  );
}
