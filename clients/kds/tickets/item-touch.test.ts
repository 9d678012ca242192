import { expect, test } from "vitest";
import { item, ticket, voided } from "../testing/tickets.ts";
import { touchOf, unseenItems } from "./item-touch.ts";

const open = ticket(1);
const partly = { quantity: "2", reason: "mistake", by: "Mai", acknowledged: false };

test("pending is started, cooking is bumped, ready has nothing left", () => {
  expect(touchOf(open, item("a"), "station")).toBe("ticket.startItem");
  expect(touchOf(open, item("a", { status: "cooking" }), "station")).toBe("ticket.bumpItem");
  expect(touchOf(open, item("a", { status: "ready" }), "station")).toBeNull();
});

test("at the pass what is there is ready", () => {
  expect(touchOf(open, item("a"), "pass")).toBe("ticket.bumpItem");
});

test("screen rule 11: a mark takes the first touch for itself", () => {
  const allergic = item("a", { allergy: ["nuts"] });
  expect(touchOf(open, allergic, "station")).toBe("ticket.acknowledgeItem");
  expect(touchOf(open, { ...allergic, allergyAcknowledged: true }, "station")).toBe("ticket.startItem");
  expect(touchOf(open, item("a", { voided: partly, quantity: "1", status: "cooking" }), "station")).toBe("ticket.acknowledgeItem");
  expect(touchOf(open, item("a", voided()), "station")).toBe("ticket.acknowledgeItem");
});

test("nothing of a held ticket is started, its marks can be seen", () => {
  const held = ticket(1, { status: "held" });
  expect(touchOf(held, item("a"), "station")).toBeNull();
  expect(touchOf(held, item("a", { allergy: ["nuts"] }), "station")).toBe("ticket.acknowledgeItem");
});

test("a bump of the ticket touches every mark that nobody has seen", () => {
  const marked = ticket(1, { items: [item("a", { allergy: ["nuts"] }), item("b", voided()), item("c"), item("d", { allergy: ["fish"], allergyAcknowledged: true })] });
  expect(unseenItems(marked)).toEqual(["itm_a", "itm_b"]);
});
