import { IconCheck } from "@tabler/icons-react";
import { memo } from "react";
import type { TicketState } from "#shared/domain/ticket/state.ts";
import cardClasses from "../card/card.module.css";
import { CardHead } from "../card/card-head.tsx";
import { ItemLine } from "../card/item-line.tsx";
import { Marks } from "../card/marks.tsx";
import { isNumberedTable, namesAlso } from "../tickets/title.ts";
import { isAllReady, shownItems } from "../tickets/station-tickets.ts";

type TicketCardProps = { readonly ticket: TicketState; readonly onTouch: (ticket: TicketState, item: string) => void; readonly onBump: (ticket: string) => void };

/** Drawn again when this ticket changes, not when another one does. */
export const TicketCard = memo(function TicketCard({ ticket, onTouch, onBump }: TicketCardProps) {
  const held = ticket.status === "held";
  const ready = isAllReady(ticket);
  const details = [`${ticket.stationName} ${ticket.stationNumber}`, `Course ${ticket.course}`, namesAlso(ticket)].join(" · ");
  return (
    <article className={cardClasses["card"]} data-held={held} tabIndex={0} aria-label={`Ticket ${ticket.number} ${ticket.label} ${ticket.stationName}`}>
      <CardHead
        label={ticket.label}
        table={isNumberedTable(ticket)}
        firedAt={held ? null : (ticket.firedAt ?? ticket.createdAt)}
        numbers={String(ticket.number)}
        details={details}
        marks={<Marks added={ticket.mark === "ADD"} recalled={ticket.recalled > 0} serviceType={ticket.serviceType} promisedAt={ticket.promisedAt} />}
      />
      <ul className={cardClasses["flow"]} data-flow>
        {shownItems(ticket).map((item) => (
          <ItemLine key={item.item} item={item} onTouch={() => onTouch(ticket, item.item)} />
        ))}
      </ul>
      {held ? null : (
        <div className={cardClasses["foot"]} data-fixed>
          <button type="button" className={cardClasses["bump"]} data-ready={ready} onClick={() => onBump(ticket.id)} aria-label={`Bump ticket ${ticket.number}`}>
            <IconCheck size={36} stroke={3} aria-hidden /> Bump
          </button>
        </div>
      )}
    </article>
  );
});
