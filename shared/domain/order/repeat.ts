import type { CommandInput } from "../registry.ts";
import type { ProductState } from "../menu/state.ts";
import type { OrderItemState, OrderState } from "./state.ts";

type NewItemInput = CommandInput<"order.addItems">["items"][number];
export type Repeated = {
  readonly items: readonly NewItemInput[];
  /** Could not be repeated: the product left the menu, or its variant or option did. */
  readonly left: readonly OrderItemState[];
};

function isStillOffered(item: OrderItemState, product: ProductState | undefined): product is ProductState {
  if (!product?.active) return false;
  const { variant } = item;
  if (variant ? !product.variants.some((v) => v.variant === variant.variant) : product.variants.length > 0) return false;
  return item.modifiers.every(({ group, option }) => product.modifierGroups.find((g) => g.group === group)?.options.some((o) => o.option === option));
}

/** The round as it was, same seats and wishes, to be entered anew: the hub gives it current prices and stock (DOM-9). */
export function repeatItems(items: readonly OrderItemState[], products: Readonly<Record<string, ProductState>>, newItemId: () => string): Repeated {
  const live = items.filter((item) => item.status !== "voided");
  const left = live.filter((item) => !isStillOffered(item, products[item.product]));
  return {
    left,
    items: live
      .filter((item) => !left.includes(item))
      .map((item) => ({
        item: newItemId(),
        product: item.product,
        variant: item.variant?.variant ?? null,
        quantity: item.quantity,
        seat: item.seat,
        course: item.course,
        modifiers: item.modifiers.map(({ group, option, prefix, placement, quantity }) => ({ group, option, prefix, placement, quantity })),
        notes: item.notes,
        allergy: item.allergy,
        serviceType: item.serviceType,
      })),
  };
}

/** What was sent last, all at one time: "another round". */
export function lastRound(order: OrderState): readonly OrderItemState[] {
  const sent = Object.values(order.items).filter((item) => item.sentAt !== null && item.status !== "voided");
  const last = sent.reduce<string | null>((latest, { sentAt }) => (latest === null || (sentAt ?? "") > latest ? sentAt : latest), null);
  return sent.filter((item) => item.sentAt === last);
}
