import { expect, test } from "vitest";
import { refusedLateInWords } from "./refused-late.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const waiting = { commandId: "01JD0000000000000000000001", type: "payment.takeCash", input: { tendered: eur("2000") }, occurredAt: "2026-11-20T12:00:00.000Z", author: "stf_1" };
const tapped = { who: "Anna", bill: "Table 4", zone: "UTC" };
const said = (refusal: { refused: string; done?: boolean }) => refusedLateInWords(waiting, refusal, tapped);

test("what is refused after a page was loaded anew says what was tapped, by whom and when", () => {
  expect(said({ refused: "check-closed" })).toMatchObject({ title: "Not done: cash €20.00, Table 4", message: expect.stringMatching(/^Tapped by Anna, 20 .*12:00, before this page was loaded anew\. This bill is closed\./) });
});

test("what was given up for a fault of the hub is never said to be undone, and says what to do next", () => {
  expect(said({ refused: "hub-fault", done: false })).toMatchObject({
    title: "Not answered: cash €20.00, Table 4",
    message: expect.stringMatching(/^Tapped by Anna, 20 .*12:00\. The hub has a fault at this and gave no answer: it may be done or not\. Look whether it is there\. If it is not, tap it again; if that does not help, call support\.$/),
  });
  expect(said({ refused: "hub-fault", done: true })).toMatchObject({ title: "Done, not answered: cash €20.00, Table 4", message: expect.stringMatching(/but it is done\. Do not tap it again, and tell support\.$/) });
});
