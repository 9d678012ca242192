import { itemProgress, type ItemProgress } from "#shared/domain/order/delivery.ts";
import type { OrderItemState, OrderState } from "#shared/domain/order/state.ts";
import type { PrintJobState } from "#shared/domain/print-job/state.ts";
import { useConfirmed, useMerchant, usePicked } from "../../kit/hooks.ts";

export type LineProgress = ItemProgress & {
  /** The slip to print again, when it is not known to be on paper. */
  readonly job: PrintJobState | null;
  /** Sent on this tablet, and the hub has not said yes yet. */
  readonly sending: boolean;
};

/** How far each item of an order is, from tickets and slips. */
export function useProgress(order: OrderState | undefined): (item: OrderItemState) => LineProgress {
  const merchant = useMerchant();
  const id = order?.id;
  const tickets = usePicked("ticket", (all) => all.filter((ticket) => ticket.order === id));
  const jobs = usePicked("print-job", (all) => all.filter((job) => job.order === id && job.kind === "ticket"));
  const confirmed = useConfirmed("order", id);
  return (item) => {
    const progress = itemProgress(item, tickets, jobs, merchant);
    const slips = jobs.filter((job) => job.items.includes(item.item));
    const last = slips.reduce<PrintJobState | null>((latest, job) => (latest === null || job.at >= latest.at ? job : latest), null);
    const known = confirmed?.items[item.item]?.status ?? "entered";
    return { ...progress, job: last, sending: item.status !== "entered" && item.status !== known && known === "entered" };
  };
}

/** A slip that wants a person: it may or may not be on paper. */
export function isDoubtful(job: PrintJobState | null): job is PrintJobState {
  return job !== null && (job.status === "unknown" || job.status === "failed" || job.status === "expired");
}
