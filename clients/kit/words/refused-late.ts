import type { Refusal } from "#shared/domain/command.ts";
import { HUB_FAULT, type Waiting } from "../commands/outbox.ts";
import { dayAndTime } from "../format.ts";
import { refusalInWords } from "./refusals.ts";
import { tappedInWords } from "./tapped.ts";

/** `bill`: of the check that it was about, null when it was about none. `zone`: the place's. */
export type Tapped = { readonly who: string; readonly bill: string | null; readonly zone: string };

/** What is said of a no that comes when the button is gone. Of what the outbox gave up nobody says that it was not done. */
export function refusedLateInWords({ type, input, occurredAt }: Waiting, refusal: Refusal, { who, bill, zone }: Tapped): { readonly title: string; readonly message: string } {
  const isFault = refusal.refused === HUB_FAULT;
  const came = !isFault ? "Not done" : refusal["done"] === true ? "Done, not answered" : "Not answered";
  return {
    title: `${came}: ${tappedInWords(type, input)}${bill === null ? "" : `, ${bill}`}`,
    message: `Tapped by ${who}, ${dayAndTime(new Date(occurredAt), zone)}${isFault ? "" : ", before this page was loaded anew"}. ${refusalInWords(refusal)}`,
  };
}
