import { notifications } from "@mantine/notifications";
import type { Refusal } from "#shared/domain/command.ts";
import { refusalInWords } from "../words/refusals.ts";
import { tappedInWords } from "../words/tapped.ts";
import type { Waiting } from "./outbox.ts";

/** Stays until somebody has read it, and all of it is seen: whoever tapped went on believing that it is done. */
export function tellRefusedLate(who: string, { type, input, occurredAt }: Waiting, refusal: Refusal): void {
  const time = new Date(occurredAt).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  notifications.show({
    color: "chili",
    title: `Not done: ${tappedInWords(type, input)}`,
    message: `Tapped by ${who} at ${time}, before this page was loaded anew. ${refusalInWords(refusal)}`,
    withBorder: true,
    autoClose: false,
    "data-whole": true,
  });
}
