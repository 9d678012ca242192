import { notifications } from "@mantine/notifications";
import type { Refusal } from "#shared/domain/command.ts";
import { refusedLateInWords, type Tapped } from "../words/refused-late.ts";
import type { Waiting } from "./outbox.ts";

/** Stays until somebody has read it, and all of it is seen: whoever tapped went on believing that it is done. */
export function tellRefusedLate(waiting: Waiting, refusal: Refusal, tapped: Tapped): void {
  notifications.show({ color: "chili", ...refusedLateInWords(waiting, refusal, tapped), withBorder: true, autoClose: false, "data-whole": true });
}
