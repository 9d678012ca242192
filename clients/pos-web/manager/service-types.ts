import type { ServiceType } from "#shared/events/primitives.ts";

export const SERVICE_TYPES: readonly { readonly value: ServiceType; readonly label: string }[] = [{ value: "dine_in", label: "Dine in" }, { value: "takeaway", label: "Takeaway" }, { value: "delivery", label: "Delivery" }];
