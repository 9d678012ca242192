import { notifications } from "@mantine/notifications";
import type { Refusal } from "#shared/domain/command.ts";
import { dayAndTime } from "../format.ts";
import { refusalInWords } from "../words/refusals.ts";
import { tappedInWords } from "../words/tapped.ts";
import type { Waiting } from "./outbox.ts";

/** `bill`: of the check that it was about, null when it was about none. `zone`: the place's. */
export type Tapped = { readonly who: string; readonly bill: string | null; readonly zone: string };

/** Stays until somebody has read it, and all of it is seen: whoever tapped went on believing that it is done. */
export function tellRefusedLate({ type, input, occurredAt }: Waiting, refusal: Refusal, { who, bill, zone }: Tapped): void {
  notifications.show({
    color: "chili",
    title: `Not done: ${tappedInWords(type, input)}${bill === null ? "" : `, ${bill}`}`,
    message: `Tapped by ${who}, ${dayAndTime(new Date(occurredAt), zone)}, before this page was loaded anew. ${refusalInWords(refusal)}`,
    withBorder: true,
    autoClose: false,
    "data-whole": true,
  });
}
