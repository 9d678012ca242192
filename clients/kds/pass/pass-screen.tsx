import { useMemo } from "react";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import { useHubTime } from "../../kit/clock.ts";
import { useAggregates, useHub } from "../../kit/hooks.ts";
import { useLatest } from "../../kit/use-latest.ts";
import { CardBoard } from "../board/card-board.tsx";
import type { BoardCard } from "../board/use-places.ts";
import { AllDone } from "../screen/all-done.tsx";
import { itemsInWords, type Recall } from "../screen/recall.ts";
import { useScreen, useSettings } from "../screen/screen.tsx";
import { REMEMBERED_TAKEN, type Taken } from "../screen/settings.ts";
import { TopBar } from "../screen/top-bar.tsx";
import { useWork } from "../screen/use-work.ts";
import { hasNew, type Alert, type Heard } from "../sound/alerts.ts";
import { useAlert } from "../sound/use-alert.ts";
import { touchOf } from "../tickets/item-touch.ts";
import { titleOf } from "../tickets/title.ts";
import classes from "./pass-screen.module.css";
import { PassCard } from "./pass-card.tsx";
import { passOrders, takenKey, type PassLine, type PassOrder } from "./pass-orders.ts";

type Station = MerchantState["stations"][number];
type PassScreenProps = { readonly station: Station; readonly merchant: MerchantState; readonly onMenu: () => void };

const RECALLABLE = 20;

/** Where all stations' work meets: every open order, and what it waits for (screen rule 12). */
export function PassScreen({ station, merchant, onMenu }: PassScreenProps) {
  const tickets = useAggregates("ticket");
  const { clock } = useHub();
  const { change, settings } = useScreen();
  const { taken } = useSettings();
  const work = useWork();
  const minute = useHubTime(clock, 10_000, (now) => Math.floor(now / 60_000));
  const orders = useMemo(() => {
    const keys = new Set(taken.flatMap((each) => each.keys));
    return passOrders(tickets, merchant.stations.map((each) => each.station), keys, minute * 60_000);
  }, [tickets, merchant.stations, taken, minute]);
  const shown = useMemo(() => new Map(orders.map((order) => [order.order, order])), [orders]);
  const cards = useMemo(() => orders.map(cardOfOrder), [orders]);
  const held = orders.filter((order) => order.state === "held").length;
  const ready = orders.filter((order) => order.state === "ready").length;
  useAlert(station.station, useMemo(() => readyIn(orders), [orders]), becameReady);

  const bump = useLatest((id: string) => {
    const order = shown.get(id);
    if (!order || order.state === "held") return;
    const open = order.tickets.filter((ticket) => ticket.status === "open");
    for (const ticket of open) work("ticket.bump", { ticket: ticket.id });
    const left: Taken = {
      order: order.order,
      label: order.label,
      title: titleOf(order),
      numbers: order.numbers,
      at: clock.iso(),
      items: itemsInWords(order.tickets.flatMap((ticket) => Object.values(ticket.items))),
      keys: order.tickets.map(takenKey),
      bumped: open.map((ticket) => ticket.id),
    };
    change({ taken: [...settings.get().taken, left].slice(-REMEMBERED_TAKEN) });
  });
  const recalls = useMemo(() => taken.slice(-RECALLABLE).reverse().map(recallOf), [taken]);
  const recall = (entry: Recall) => {
    const left = settings.get().taken;
    const back = left.find((each) => recallOf(each).id === entry.id);
    for (const ticket of back?.bumped ?? []) work("ticket.recall", { ticket });
    change({ taken: left.filter((each) => each !== back) });
  };
  const touch = useLatest(({ ticket, item }: PassLine) => {
    const type = touchOf(ticket, item, "pass");
    if (type) work(type, { ticket: ticket.id, item: item.item });
  });

  return (
    <>
      <TopBar station={station.name} open={orders.length - held} held={held} noun="orders" recalls={recalls} onRecall={recall} onMenu={onMenu} />
      <CardBoard
        cards={cards}
        label={`${station.name} orders`}
        render={(id) => {
          const order = shown.get(id);
          return order ? <PassCard order={order} onTouch={touch} onBump={bump} /> : null;
        }}
        onBump={bump}
        onRecallLast={() => recalls[0] && recall(recalls[0])}
        empty={<AllDone text="Orders appear here as soon as they are sent." />}
        footer={<Waiting orders={orders} ready={ready} />}
      />
    </>
  );
}

/** By station, how much the pass waits for. */
function Waiting({ orders, ready }: { readonly orders: readonly PassOrder[]; readonly ready: number }) {
  const open = new Map<string, number>();
  for (const { name, ready: made, total } of orders.flatMap((order) => order.stations)) open.set(name, (open.get(name) ?? 0) + total - made);
  return (
    <section className={classes["waiting"]} aria-label="Waiting for">
      <span data-ready={ready > 0}>
        <b>{ready}</b> ready to go
      </span>
      {[...open].map(([name, count]) => (
        <span key={name}>
          <b>{count}</b> {name}
        </span>
      ))}
    </section>
  );
}

function readyIn(orders: readonly PassOrder[]): Heard {
  const ready = orders.filter((order) => order.state === "ready").flatMap((order) => order.tickets.map(takenKey));
  return { tickets: new Set(ready), voids: new Set() };
}

function becameReady(before: Heard | null, after: Heard): Alert | null {
  return before !== null && hasNew(before.tickets, after.tickets) ? "ready" : null;
}

function cardOfOrder(order: PassOrder): BoardCard {
  const lines = [...order.stations, ...order.held].reduce((sum, { lines: own }) => sum + own.length + 1, 0);
  return { id: order.order, counted: order.state !== "held", estimate: { fixed: 260, flow: lines * 60, tallest: 200 } };
}

function recallOf({ order, label, title, at, items }: Taken): Recall {
  return { id: `${order} ${at}`, name: "order", label, title, at, items };
}
