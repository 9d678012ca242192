import type { DrawerMovement } from "#shared/events/cash.ts";

export const MOVEMENT_WORDS: Readonly<Record<DrawerMovement["kind"], string>> = { "pay-in": "Paid in", "pay-out": "Paid out", drop: "Dropped", "tips-paid": "Tips" };
