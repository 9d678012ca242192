import { isTableNumber, tableTitle } from "#shared/domain/floor/table-title.ts";
import type { TicketState } from "#shared/domain/ticket/state.ts";

type Labelled = Pick<TicketState, "label" | "serviceType">;

export function isNumberedTable({ label, serviceType }: Labelled): boolean {
  return serviceType === "dine_in" && isTableNumber(label);
}

/** Who belongs to it, said once: the guest's name unless the label has it, then the waiter's. */
export function namesAlso({ label, customer, server }: Pick<TicketState, "label" | "customer" | "server">): string {
  return customer !== null && !label.includes(customer) ? customer : server;
}

export function titleOf(labelled: Labelled): string {
  return isNumberedTable(labelled) ? tableTitle(labelled.label) : labelled.label;
}
