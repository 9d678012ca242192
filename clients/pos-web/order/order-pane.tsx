import { ScrollArea } from "@mantine/core";
import { IconClipboardList } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { OrderItemState } from "#shared/domain/order/state.ts";
import { useAggregates } from "../../kit/hooks.ts";
import { EmptyState } from "../../kit/ui/states.tsx";
import { ItemSheet } from "../menu/item-sheet.tsx";
import { PlaceChips } from "../menu/place-chips.tsx";
import { useSend } from "../../kit/commands/use-send.ts";
import { useScratch, useTablet } from "../tablet.ts";
import { BesideOrders } from "./beside-orders.tsx";
import { CourseHeader } from "./course-header.tsx";
import { OrderActions } from "./order-actions.tsx";
import { OrderHead } from "./order-head.tsx";
import { OrderLine } from "./order-line.tsx";
import { JustAdded } from "./just-added.tsx";
import { coursesToHold, inputOf, linesByCourse } from "./order-lines.ts";
import classes from "./order-pane.module.css";
import { SelectionActions } from "./selection-actions.tsx";
import { useProgress } from "./use-progress.ts";
import type { OrderWork } from "./use-order-work.ts";

type OrderPaneProps = { readonly work: OrderWork; readonly onPay: () => void; readonly onLeave: () => void; readonly onOpenOrder: (order: string) => void };

/** The order by course and seat; what is selected is moved by the same seat and course buttons that say where the next item goes. */
export function OrderPane({ work, onPay, onLeave, onOpenOrder }: OrderPaneProps) {
  const { order, orderId, party } = work;
  const send = useSend();
  const scratch = useScratch(orderId);
  const note = useTablet((tablet) => tablet.note);
  const products = useAggregates("product");
  const progressOf = useProgress(order);
  const [edited, setEdited] = useState<OrderItemState | null>(null);

  const courses = order ? linesByCourse(order) : [];
  const selected = scratch.selected.flatMap((id) => order?.items[id] ?? []);
  const movable = selected.filter((item) => item.status === "entered");
  const held = order ? coursesToHold(order, scratch.hold) : [];
  const highestCourse = Math.max(4, ...courses.map((each) => each.course));
  const lines = useRef<HTMLDivElement>(null);
  const [shortItem] = Object.keys(scratch.short);
  const toSee = shortItem ?? scratch.added;
  const isThere = toSee !== null && order?.items[toSee] !== undefined;
  // Only what this tablet did moves its list: a colleague's item never moves what a finger is on (screen rule 9).
  useEffect(() => {
    if (isThere) lines.current?.querySelector(`[data-item="${toSee}"]`)?.scrollIntoView({ block: "nearest" });
  }, [toSee, isThere]);
  const added = scratch.added === null ? undefined : order?.items[scratch.added];
  const addedProduct = products.find((product) => product.id === added?.product);
  const editedProduct = products.find((product) => product.id === edited?.product);

  /** Screen rule 5: with items selected the place is theirs; without, it is the next item's. */
  function place(change: { seat?: number | null; course?: number }) {
    if (movable.length === 0) return note(orderId, change);
    for (const item of movable) void send("order.changeItem", { order: orderId, item: { ...inputOf(item), ...change } });
    note(orderId, { selected: [] });
  }

  function toggle(item: OrderItemState) {
    note(orderId, { selected: scratch.selected.includes(item.item) ? scratch.selected.filter((id) => id !== item.item) : [...scratch.selected, item.item] });
  }

  return (
    <aside className={classes["pane"]} aria-label="Order">
      <OrderHead work={work} onLeave={onLeave} />
      <div className={classes["places"]} data-moving={movable.length > 0}>
        <PlaceChips
          seats={party?.covers ?? 0}
          seat={movable.length > 0 ? (movable.every((item) => item.seat === movable[0]?.seat) ? (movable[0]?.seat ?? null) : -1) : scratch.seat}
          course={movable.length > 0 ? (movable.every((item) => item.course === movable[0]?.course) ? (movable[0]?.course ?? null) : -1) : scratch.course}
          onSeat={(seat) => place({ seat })}
          onCourse={(course) => place({ course })}
          {...(movable.length === 0 ? { onAutoCourse: () => note(orderId, { course: null }) } : {})}
          highestCourse={highestCourse}
        />
      </div>
      <ScrollArea ref={lines} className={classes["lines"] ?? ""} type="scroll" scrollbarSize={8}>
        {courses.length === 0 && (party?.joined ?? []).length === 0 ? (
          <EmptyState icon={<IconClipboardList size={40} />} title="Nothing ordered yet" text="Tap a product to add it." />
        ) : (
          <div role="listbox" aria-label="Items" aria-multiselectable>
            {courses.map((course) => (
              <section key={course.course} aria-label={`Course ${course.course}`}>
                <CourseHeader course={course} hold={held.includes(course.course)} onHold={(hold) => note(orderId, { hold: { ...scratch.hold, [course.course]: hold ? "hold" : "fire" } })} />
                {course.lines.map((item) => (
                  <OrderLine key={item.item} item={item} progress={progressOf(item)} selected={scratch.selected.includes(item.item)} short={item.status === "entered" ? (scratch.short[item.item] ?? null) : null} onToggle={() => toggle(item)} onEdit={() => (item.status === "entered" ? setEdited(item) : undefined)} />
                ))}
              </section>
            ))}
            <BesideOrders work={work} onOpen={onOpenOrder} />
          </div>
        )}
      </ScrollArea>
      {added?.status === "entered" && addedProduct && selected.length === 0 ? (
        <JustAdded item={added} product={addedProduct} onEdit={() => setEdited(added)} onChoose={(modifiers) => void send("order.changeItem", { order: orderId, item: { ...inputOf(added), modifiers } })} />
      ) : null}
      {selected.length > 0 ? <SelectionActions work={work} selected={selected} onEdit={setEdited} /> : <OrderActions work={work} onPay={onPay} />}
      {edited && editedProduct ? (
        <ItemSheet
          key={edited.item}
          product={editedProduct}
          mode="edit"
          start={inputOf(edited)}
          seats={party?.covers ?? 0}
          onClose={() => setEdited(null)}
          onDone={(item) => {
            setEdited(null);
            note(orderId, { selected: [] });
            void send("order.changeItem", { order: orderId, item });
          }}
        />
      ) : null}
    </aside>
  );
}
