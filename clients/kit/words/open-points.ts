import type { OpenPoint } from "#shared/domain/payment/to-resolve.ts";
import type { Money } from "#shared/events/primitives.ts";
import { reasonInWords } from "./provider-reasons.ts";

/** What is wrong with some money, for people who have to do something about it (PAY-28). */
export function pointInWords({ kind, amount, said, byWord }: OpenPoint, text: (money: Money) => string): { readonly title: string; readonly note: string } {
  const money = text(amount);
  switch (kind) {
    case "unknown":
      return { title: `Nobody knows whether ${money} was charged`, note: "Ask the terminal, or look at its slip." };
    case "overpaid":
      return { title: `${money} came and pays for nothing`, note: "The guest has paid twice, or the terminal took too much. Give it back, or let it pay for what is due." };
    case "contradicted":
      return contradictionInWords(said ?? "", amount, text);
    case "missing":
      return { title: `${money} that was booked never came`, note: said === null ? "The terminal took less than it had told. The books have it as a loss." : `It was taken back: ${said}. The books have it as a loss.` };
    case "payout-failed":
      return { title: `${money} could not be given back`, note: `The guest still waits for it: ${reasonInWords(said ?? "") || "the provider said no"}.` };
    case "payout-unknown":
      return { title: `Nobody knows whether ${money} was given back`, note: "It is asked for by itself until it is known. Do not give it in cash before. Does its page or its slip say what became of it? Then say so." };
    case "payout-contradicted":
      return { title: `Was ${money} given back?`, note: payoutContradictionInWords(said ?? "") };
    case "paid-twice":
      return {
        title: `The guest was given ${money} twice`,
        note: byWord === true ? "The provider says that it paid another try too. That this one was paid somebody said: look at its page whether it was." : "The provider paid the refund too, after it had gone another way.",
      };
  }
}

function payoutContradictionInWords(said: string): string {
  const [what, of = ""] = said.split(" ");
  const now = what === "wrong-currency" ? `that it was paid in ${of}` : "that it was not";
  return `Somebody said that it was, so it is booked, and now the provider says ${now}. Look at its page before you say how it is: what was not paid can be given another way.`;
}

function contradictionInWords(said: string, booked: Money, text: (money: Money) => string): { readonly title: string; readonly note: string } {
  const money = text(booked);
  const [what, of = ""] = said.split(" ");
  switch (what) {
    case "captured":
      return { title: `Was ${money} charged?`, note: "First we were told that it was not, and then that it was. Nothing of it is booked." };
    case "settled":
      return { title: `Was ${money} charged?`, note: "It was taken back, and now we are told that it is paid out to us." };
    case "fee":
      return { title: `A fee above ${money}?`, note: `So much is booked, and ${text({ amount: of, currency: booked.currency })} is to be kept of it. Nothing of the payout is booked.` };
    case "amount":
      return { title: `Was it ${money}?`, note: `So much is booked, and now we are told of ${text({ amount: of, currency: booked.currency })}.` };
    case "wrong-currency":
      return { title: `Was it ${money}?`, note: `So much is booked, and now we are told of ${of}.` };
    default:
      return { title: `Was ${money} charged?`, note: "It is booked as charged, and now we are told that it was not." };
  }
}
