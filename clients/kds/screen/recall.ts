import type { TicketItemState } from "#shared/domain/ticket/state.ts";

/** Something that left the screen and can come back. */
export type Recall = {
  readonly id: string;
  /** "ticket 12", "order". */
  readonly name: string;
  readonly label: string;
  /** As people say it: "Table 5". */
  readonly title: string;
  readonly at: string;
  readonly items: string;
};

export function itemsInWords(items: readonly Pick<TicketItemState, "quantity" | "name" | "status">[]): string {
  return items
    .filter((item) => item.status !== "voided")
    .map(({ quantity, name }) => (quantity === "1" ? name : `${quantity} ${name}`))
    .join(", ");
}
