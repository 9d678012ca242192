import { notifications } from "@mantine/notifications";
import type { Refusal } from "#shared/domain/command.ts";
import { refusalInWords } from "../words/refusals.ts";

/** Stays until somebody has read it: whoever tapped went on believing that it is done. `at`: when it was tapped. */
export function tellRefusedLate(who: string, at: string, refusal: Refusal): void {
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  notifications.show({ color: "chili", title: "Not done", message: `What ${who} tapped at ${time}, before this page was loaded anew: ${refusalInWords(refusal)}`, withBorder: true, autoClose: false });
}
