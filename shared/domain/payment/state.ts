import type { Tender } from "#shared/events/sale-check.ts";

export type PaymentState = {
  readonly id: string;
  readonly check: string;
  readonly order: string;
  readonly drawer: string | null;
  readonly tender: Tender;
  readonly status: "created" | "sent" | "captured";
};
