import { expect, test } from "vitest";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { whatWasDone, whoDid } from "./check-events.ts";

const people = new Map([["staff:stf_1", "Luca"]]);
const said = (type: string, actor: string, data: object) => {
  const event = { type, actor, data } as EventEnvelope;
  return `${whoDid(event, people)} ${whatWasDone(event) ?? ""}`;
};

test("what a provider told is its own doing, not the hub's", () => {
  expect(said("sale.check.paymentApplied", "consumer:payments", { tender: { method: "card-terminal" } })).toBe("The card terminal took a payment");
  expect(said("sale.check.paymentApplied", "consumer:payments", { tender: { method: "qr" } })).toBe("The QR code took a payment");
  expect(said("sale.check.attemptOpened", "consumer:payments", { method: "card-terminal", holds: true })).toBe("The card terminal holds the money");
});

test("people are named, also those who are not known here yet", () => {
  expect(said("sale.check.paymentApplied", "staff:stf_1", { tender: { method: "cash" } })).toBe("Luca took a payment");
  expect(said("sale.check.attemptOpened", "staff:stf_1", { method: "card-terminal", holds: true })).toBe("Luca began a payment");
  expect(said("sale.check.closed", "staff:stf_9", {})).toBe("Somebody closed a bill");
  expect(said("sale.check.closed", "consumer:sales", {})).toBe("The hub closed a bill");
});
