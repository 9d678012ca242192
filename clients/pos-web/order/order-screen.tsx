import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { ProductState } from "#shared/domain/menu/state.ts";
import { useMay } from "../../kit/hooks.ts";
import { needsSheet } from "../menu/choices.ts";
import { ComboSheet } from "../menu/combo-sheet.tsx";
import { ItemSheet } from "../menu/item-sheet.tsx";
import { MenuPane } from "../menu/menu-pane.tsx";
import { Leave } from "../parts/leave.tsx";
import { PrinterTrouble } from "../parts/printer-trouble.tsx";
import { useLatest } from "../../kit/use-latest.ts";
import { useScratch } from "../tablet.ts";
import type { ItemInput } from "./order-lines.ts";
import { OrderPane } from "./order-pane.tsx";
import classes from "./order-screen.module.css";
import { newItemId, useOrderWork } from "./use-order-work.ts";

export function OrderScreen() {
  const { order: orderId = "" } = useParams();
  return <OneOrder key={orderId} orderId={orderId} />;
}

function OneOrder({ orderId }: { readonly orderId: string }) {
  const work = useOrderWork(orderId);
  const { seat, course } = useScratch(orderId);
  const [asked, setAsked] = useState<ProductState | null>(null);
  const mayTake = useMay("order.take");
  const navigate = useNavigate();
  const { order, party, opening } = work;

  const blank = (product: ProductState): ItemInput => ({
    item: newItemId(),
    product: product.id,
    variant: null,
    quantity: "1",
    seat,
    ...(course === null ? {} : { course }),
    modifiers: [],
    notes: null,
    allergy: [],
  });

  function pick(product: ProductState) {
    if (!mayTake) return;
    if (needsSheet(product)) setAsked(product);
    else void work.add([blank(product)]);
  }

  const onPick = useLatest(pick);
  const onOptions = useLatest((product: ProductState) => (mayTake ? setAsked(product) : undefined));

  if (!order && !party && !opening) return <Leave to="/" />;
  // The party's next order has begun, here or on another tablet: that is the one to add to.
  if (order?.completed && party && !party.cleared && party.order !== orderId) return <Leave to={`/order/${party.order}`} />;

  return (
    <div className={classes["screen"]}>
      <div className={classes["left"]}>
        <PrinterTrouble />
        <MenuPane serviceType={order?.serviceType ?? opening?.serviceType ?? "dine_in"} onPick={onPick} onOptions={onOptions} />
      </div>
      <OrderPane work={work} onPay={() => void navigate(`/pay/${orderId}`)} onLeave={() => void navigate(work.party ? "/" : "/takeaway")} onOpenOrder={(order) => void navigate(`/order/${order}`)} />
      {asked?.combo ? (
        <ComboSheet
          key={asked.id}
          product={asked}
          start={blank(asked)}
          onClose={() => setAsked(null)}
          onDone={(item) => {
            setAsked(null);
            void work.add([item]);
          }}
        />
      ) : null}
      {asked && !asked.combo ? (
        <ItemSheet
          key={asked.id}
          product={asked}
          mode="new"
          start={blank(asked)}
          seats={party?.covers ?? 0}
          onClose={() => setAsked(null)}
          onDone={(item) => {
            setAsked(null);
            void work.add([item]);
          }}
        />
      ) : null}
    </div>
  );
}
