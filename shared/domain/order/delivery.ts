import type { PrintJobState } from "../print-job/state.ts";
import { preparingStations, type Kitchen } from "../ticket/route.ts";
import type { TicketItemState, TicketState } from "../ticket/state.ts";
import type { OrderItemState } from "./state.ts";

export type Progress = "unsent" | "held" | "sent" | "on-screen" | "cooking" | "ready" | "voided";
export type ItemProgress = {
  readonly progress: Progress;
  /** Paper of it is known to exist. */
  readonly printed: boolean;
  /** The latest slip that shows it: `sent` is unconfirmed, `unknown` and `failed` want a person. */
  readonly slip: PrintJobState["status"] | null;
};

function productionOf(item: OrderItemState, tickets: readonly TicketState[], kitchen: Kitchen | undefined): Progress {
  if (item.status === "entered") return "unsent";
  if (item.status === "voided") return "voided";
  if (item.status === "held") return "held";
  const own = tickets.flatMap((ticket) => {
    const line = ticket.items[item.item];
    return line && line.status !== "voided" ? [{ ticket, line }] : [];
  });
  // Known to be nobody's work: ready at once (DOM-4). Without the routes it may still be on its way.
  if (own.length === 0) return kitchen && preparingStations(item, kitchen).length === 0 ? "ready" : "sent";
  const is = (status: TicketItemState["status"]) => ({ line }: { line: TicketItemState }) => line.status === status;
  if (own.every(is("ready"))) return "ready";
  if (own.some(is("cooking")) || own.some(is("ready"))) return "cooking";
  return own.every(({ ticket }) => ticket.shownAt !== null) ? "on-screen" : "sent";
}

/** How far one item has come, from its tickets and slips. `kitchen` tells items apart that no station makes. */
export function itemProgress(item: OrderItemState, tickets: readonly TicketState[], jobs: readonly PrintJobState[], kitchen?: Kitchen): ItemProgress {
  const slips = jobs.filter((job) => job.kind === "ticket" && job.items.includes(item.item));
  const latest = slips.reduce<PrintJobState | null>((last, job) => (last === null || job.at >= last.at ? job : last), null);
  return {
    progress: productionOf(item, tickets, kitchen),
    printed: slips.some((job) => job.status === "printed"),
    slip: latest?.status ?? null,
  };
}
