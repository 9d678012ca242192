import { IconCheck, IconCircleCheckFilled, IconHandStop, IconHourglassEmpty, IconPlus } from "@tabler/icons-react";
import { Fragment, memo } from "react";
import { sameJson } from "#shared/domain/same.ts";
import cardClasses from "../card/card.module.css";
import { CardHead } from "../card/card-head.tsx";
import { ItemLine } from "../card/item-line.tsx";
import { Marks } from "../card/marks.tsx";
import { AgeText } from "../../kit/ui/texts.tsx";
import { itemsInWords } from "../screen/recall.ts";
import { isVoidUnseen } from "../tickets/station-tickets.ts";
import { isNumberedTable, namesAlso } from "../tickets/title.ts";
import { waitingInWords, type PassLine, type PassOrder, type PassStation } from "./pass-orders.ts";
import classes from "./pass-card.module.css";

type PassCardProps = { readonly order: PassOrder; readonly onTouch: (line: PassLine) => void; readonly onBump: (order: string) => void };

/** One order at the pass: what stands ready, and whom it waits for. Orders are put together anew with every ticket; most are as they were. */
export const PassCard = memo(Card, (a, b) => a.onTouch === b.onTouch && a.onBump === b.onBump && sameJson(a.order, b.order));

function Card({ order, onTouch, onBump }: PassCardProps) {
  const shown = order.state === "held" ? order.held.flatMap((part) => part.lines.map((line) => line.ticket)) : order.tickets;
  const courses = [...new Set(shown.map((ticket) => ticket.course))].sort((a, b) => a - b);
  const details = [`Course ${courses.join(" + ")}`, namesAlso(order)].join(" · ");
  return (
    <article className={cardClasses["card"]} data-held={order.state === "held"} tabIndex={0} aria-label={`Order ${order.label}`}>
      <CardHead
        label={order.label}
        table={isNumberedTable(order)}
        firedAt={order.firedAt}
        numbers={order.numbers.join(" + ")}
        details={details}
        marks={<Marks added={order.stations.some((part) => part.added)} recalled={false} serviceType={order.serviceType} promisedAt={order.promisedAt} />}
      />
      <Standing order={order} />
      <div className={cardClasses["flow"]} data-flow>
        {order.stations.map((station) => (
          <StationPart key={station.station} part={station} onTouch={onTouch} />
        ))}
        {order.held.map((station) => (
          <HeldPart key={station.station} part={station} />
        ))}
      </div>
      {order.state === "held" ? null : (
        <div className={cardClasses["foot"]} data-fixed>
          <button type="button" className={cardClasses["bump"]} data-ready={order.state === "ready"} onClick={() => onBump(order.order)} aria-label={`Bump order ${order.label}`}>
            {order.state === "ready" ? "Bump: it is out" : "Bump anyway"}
          </button>
        </div>
      )}
    </article>
  );
}

function Standing({ order }: { readonly order: PassOrder }) {
  if (order.state === "held") return null;
  const ready = order.state === "ready";
  return (
    <p className={classes["standing"]} data-ready={ready} data-fixed>
      {ready ? <IconCircleCheckFilled size={36} aria-hidden /> : <IconHourglassEmpty size={34} aria-hidden />}
      <span>{ready ? "READY" : "waiting: "}{ready ? null : <WaitingFor parts={waitingInWords(order)} />}</span>
    </p>
  );
}

/** "Grill 1 of 3, Bar 0 of 2", broken only between stations. */
function WaitingFor({ parts }: { readonly parts: readonly string[] }) {
  return parts.map((words, at) => (
    <Fragment key={words}>
      {at === 0 ? "" : ", "}
      <span>{words}</span>
    </Fragment>
  ));
}

/** What is made and needs nobody's eye any more; an allergy does until the plate has left. */
function isPlain({ item }: PassLine): boolean {
  return !isVoidUnseen(item) && item.allergy.length === 0;
}

/** A station that has made all of its part is told in one line. */
function StationPart({ part, onTouch }: { readonly part: PassStation; readonly onTouch: (line: PassLine) => void }) {
  const done = part.ready === part.total && part.lines.every(isPlain);
  return (
    <section aria-label={`${part.name} ${part.ready} of ${part.total}`}>
      <h3 className={classes["name"]} data-line data-ready={part.ready === part.total}>
        {part.name}
        <span className={classes["pips"]} aria-hidden>
          {Array.from({ length: Math.min(part.total, 12) }, (_, at) => (
            <i key={at} data-full={at < part.ready} />
          ))}
        </span>
        <span>
          {part.ready} of {part.total}
        </span>
        {part.added ? <b className={classes["added"]}><IconPlus size={22} stroke={4} aria-hidden /> ADD</b> : null}
        {part.waitingSince === null ? null : <AgeText since={part.waitingSince} as="timer" className={classes["age"] ?? ""} />}
      </h3>
      {done ? (
        <p className={classes["made"]} data-line>
          <IconCheck size={32} stroke={4} aria-hidden /> {itemsInWords(part.lines.map(({ item }) => item))}
        </p>
      ) : (
        <ul className={classes["lines"]}>
          {part.lines.map((line) => (
            <ItemLine key={`${line.ticket.id} ${line.item.item}`} item={line.item} compact onTouch={() => onTouch(line)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function HeldPart({ part }: { readonly part: PassStation }) {
  return (
    <p className={classes["held"]} data-line>
      <IconHandStop size={28} aria-hidden /> {part.name}: {itemsInWords(part.lines.map(({ item }) => item))}
    </p>
  );
}
