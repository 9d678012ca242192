import { z } from "zod";
import { id } from "#shared/events/primitives.ts";

/** `check.present` -> `{ totals }`: the numbered pre-bill. */
export const presentCheck = z.object({ check: id("check") });
/** `check.close` -> `{ number }`. Refuses: not-paid { due }, unsent-items { items }. Completes the order when it was its last open check. */
export const closeCheck = z.object({ check: id("check") });
/** `check.printReceipt` -> `{ copy }`: of a closed check; a second one is marked as a copy. */
export const printReceipt = z.object({ check: id("check") });
