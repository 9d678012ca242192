import type { TicketState } from "#shared/domain/ticket/state.ts";

type Labelled = Pick<TicketState, "label" | "serviceType">;

/** Tables are often named by a number alone, which on a ticket full of numbers says nothing. */
export function isNumberedTable({ label, serviceType }: Labelled): boolean {
  return serviceType === "dine_in" && /^\d+(\+\d+)*$/.test(label);
}

/** Who belongs to it, said once: the guest's name unless the label has it, then the waiter's. */
export function namesAlso({ label, customer, server }: Pick<TicketState, "label" | "customer" | "server">): string {
  return customer !== null && !label.includes(customer) ? customer : server;
}

export function titleOf(labelled: Labelled): string {
  return isNumberedTable(labelled) ? `Table ${labelled.label}` : labelled.label;
}
