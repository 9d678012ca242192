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

/** A combo whose parts are all there is one entry again; without one of them it is not what was sold. */
function comboOf(parts: readonly OrderItemState[], products: Readonly<Record<string, ProductState>>, newItemId: () => string): NewItemInput | undefined {
  const [first] = parts;
  const combo = products[first?.combo?.product ?? ""];
  const wanted = combo?.combo?.reduce((sum, part) => sum + part.quantity, 0);
  if (!first || !combo?.active || parts.length !== wanted || !parts.every((part) => isStillOffered(part, products[part.product]))) return undefined;
  return {
    item: newItemId(),
    product: combo.id,
    quantity: first.quantity,
    seat: first.seat,
    allergy: first.allergy,
    serviceType: first.serviceType,
    parts: parts.map((part) => ({ item: newItemId(), part: part.combo?.part ?? "", product: part.product, variant: part.variant?.variant ?? null, course: part.course, modifiers: choicesAgain(part), notes: part.notes })),
  };
}

function choicesAgain(item: OrderItemState) {
  return item.modifiers.map(({ group, option, prefix, placement, quantity }) => ({ group, option, prefix, placement, quantity }));
}

/** The round as it was, same seats and wishes, to be entered anew: the hub gives it current prices and stock (DOM-9). */
export function repeatItems(items: readonly OrderItemState[], products: Readonly<Record<string, ProductState>>, newItemId: () => string): Repeated {
  const live = items.filter((item) => item.status !== "voided");
  const left: OrderItemState[] = [];
  const again: NewItemInput[] = [];
  const combos = new Set<string>();
  for (const item of live) {
    if (item.combo) {
      const { combo } = item.combo;
      if (combos.has(combo)) continue;
      combos.add(combo);
      const parts = live.filter((one) => one.combo?.combo === combo);
      const entry = comboOf(parts, products, newItemId);
      if (entry) again.push(entry);
      else left.push(...parts);
    } else if (isStillOffered(item, products[item.product])) {
      again.push({
        item: newItemId(),
        product: item.product,
        variant: item.variant?.variant ?? null,
        quantity: item.quantity,
        seat: item.seat,
        course: item.course,
        modifiers: choicesAgain(item),
        notes: item.notes,
        allergy: item.allergy,
        serviceType: item.serviceType,
      });
    } else left.push(item);
  }
  return { left, items: again };
}

/** What was sent last, all at one time: "another round". */
export function lastRound(order: OrderState): readonly OrderItemState[] {
  const sent = Object.values(order.items).filter((item) => item.sentAt !== null && item.status !== "voided");
  const last = sent.reduce<string | null>((latest, { sentAt }) => (latest === null || (sentAt ?? "") > latest ? sentAt : latest), null);
  return sent.filter((item) => item.sentAt === last);
}
