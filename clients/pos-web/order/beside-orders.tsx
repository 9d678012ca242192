import { ordersOf } from "#shared/domain/floor/state.ts";
import type { OrderState } from "#shared/domain/order/state.ts";
import { usePicked } from "../../kit/hooks.ts";
import { OrderLine } from "./order-line.tsx";
import classes from "./order-pane.module.css";
import { useProgress } from "./use-progress.ts";
import type { OrderWork } from "./use-order-work.ts";

/** What those who joined this party had ordered: it is on the same bill, so it is seen here too. Their order is opened to change it. */
export function BesideOrders({ work: { party, orderId }, onOpen }: { readonly work: OrderWork; readonly onOpen: (order: string) => void }) {
  const beside = party ? ordersOf(party) : [];
  const orders = usePicked("order", (all) => all.filter((order) => order.id !== orderId && beside.includes(order.id) && !order.completed && Object.keys(order.items).length > 0));
  return orders.map((order) => <OneBeside key={order.id} order={order} onOpen={onOpen} />);
}

function OneBeside({ order, onOpen }: { readonly order: OrderState; readonly onOpen: (order: string) => void }) {
  const progressOf = useProgress(order);
  const items = Object.values(order.items).sort((a, b) => a.course - b.course || (a.item < b.item ? -1 : 1));
  const open = () => onOpen(order.id);
  return (
    <section aria-label="Joined order">
      <div className={classes["course"]}>
        <span>Joined</span>
        <small>another order, same bill</small>
        <button type="button" className={classes["hold"]} onClick={open}>Open</button>
      </div>
      {items.map((item) => <OrderLine key={item.item} item={item} progress={progressOf(item)} selected={false} short={null} onToggle={open} onEdit={open} />)}
    </section>
  );
}
