import { useMemo } from "react";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { TicketState } from "#shared/domain/ticket/state.ts";
import { usePicked } from "../../kit/hooks.ts";
import { useLatest } from "../../kit/use-latest.ts";
import { CardBoard } from "../board/card-board.tsx";
import type { BoardCard } from "../board/use-places.ts";
import { AllDone } from "../screen/all-done.tsx";
import { itemsInWords, type Recall } from "../screen/recall.ts";
import { TopBar } from "../screen/top-bar.tsx";
import { useWork } from "../screen/use-work.ts";
import { heardOf } from "../sound/alerts.ts";
import { useAlert } from "../sound/use-alert.ts";
import { allDayCounts } from "../tickets/all-day.ts";
import { touchOf, unseenItems } from "../tickets/item-touch.ts";
import { shownItems, stationTickets } from "../tickets/station-tickets.ts";
import { titleOf } from "../tickets/title.ts";
import { AllDayBar } from "./all-day-bar.tsx";
import { TicketCard } from "./ticket-card.tsx";
import { useProofOfDisplay } from "./use-proof-of-display.ts";

type Station = MerchantState["stations"][number];
type StationScreenProps = { readonly station: Station; readonly onMenu: () => void };

/** What one station makes, oldest first. */
export function StationScreen({ station, onMenu }: StationScreenProps) {
  const tickets = usePicked("ticket", (all) => all.filter((ticket) => ticket.station === station.station));
  const work = useWork();
  const { open, held, completed } = useMemo(() => stationTickets(tickets, station.station), [tickets, station.station]);
  const shown = useMemo(() => new Map([...open, ...held].map((ticket) => [ticket.id, ticket])), [open, held]);
  const cards = useMemo(() => [...shown.values()].map(cardOfTicket), [shown]);
  const counts = useMemo(() => allDayCounts(open), [open]);
  useAlert(station.station, useMemo(() => heardOf(open, held), [open, held]));
  const prove = useProofOfDisplay(open);

  const touch = useLatest((ticket: TicketState, item: string) => {
    const line = ticket.items[item];
    const type = line && touchOf(ticket, line, "station");
    if (type) work(type, { ticket: ticket.id, item });
  });
  const bump = useLatest((id: string) => {
    const ticket = shown.get(id);
    if (ticket?.status !== "open") return;
    // Who bumps a ticket has touched its marks (DOM-7: the kitchen acknowledges an allergy).
    for (const item of unseenItems(ticket)) work("ticket.acknowledgeItem", { ticket: id, item });
    work("ticket.bump", { ticket: id });
  });
  const recalls = useMemo(() => completed.map(recallOf), [completed]);
  const recall = (entry: Recall) => work("ticket.recall", { ticket: entry.id });

  return (
    <>
      <TopBar station={station.name} open={open.length} held={held.length} noun="open" recalls={recalls} onRecall={recall} onMenu={onMenu} />
      <CardBoard
        cards={cards}
        label={`${station.name} tickets`}
        render={(id) => {
          const ticket = shown.get(id);
          return ticket ? <TicketCard ticket={ticket} onTouch={touch} onBump={bump} /> : null;
        }}
        onBump={bump}
        onRecallLast={() => recalls[0] && recall(recalls[0])}
        onPainted={prove}
        empty={<AllDone text="New tickets appear here by themselves." />}
        footer={<AllDayBar counts={counts} />}
      />
    </>
  );
}

function cardOfTicket(ticket: TicketState): BoardCard {
  const lines = shownItems(ticket).length;
  return { id: ticket.id, counted: ticket.status === "open", estimate: { fixed: 210, flow: lines * 90, tallest: 90 } };
}

function recallOf(ticket: TicketState): Recall {
  return { id: ticket.id, name: `ticket ${ticket.number}`, label: ticket.label, title: titleOf(ticket), at: ticket.completedAt ?? "", items: itemsInWords(Object.values(ticket.items)) };
}
