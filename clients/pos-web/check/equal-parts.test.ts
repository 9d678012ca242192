import { expect, test } from "vitest";
import { dining, checkOf, reported, TERMINAL } from "#shared/domain/payment/testing.ts";
import { partsOf } from "#shared/domain/check/parts.ts";
import { id } from "#shared/domain/testing/given.ts";
import { eur } from "#shared/domain/testing/place.ts";
import { divisibleOf, inEqualParts } from "./equal-parts.ts";

const SEVEN = Array.from({ length: 7 }, (_, i) => ({ part: id("part", i + 1), name: `${i + 1} of 7`, amount: null }));

/** 27.40 in seven: 3.92 three times, then 3.91. */
function inSeven() {
  const { w, check } = dining();
  w.does("check.setParts", { check, parts: SEVEN });
  const now = () => checkOf(w, check);
  let made = 100;
  const send = (count: number) => {
    const parts = inEqualParts(now(), count, () => id("part", ++made));
    w.does("check.setParts", { operation: id("operation", ++made), check, parts: [...parts] });
    return parts.map(({ name, amount }) => [name, amount?.amount ?? null]);
  };
  const amounts = () => partsOf(now()).parts.map(({ amount }) => amount);
  return { w, check, now, send, amounts };
}

test("of seven nobody has paid anything on, three are three", () => {
  const { send, amounts, now } = inSeven();
  expect(divisibleOf(now())).toEqual({ kept: [], left: 2740n, beingPaid: false });
  expect(send(3)).toEqual([["1 of 3", null], ["2 of 3", null], ["3 of 3", null]]);
  expect(amounts()).toEqual([914n, 913n, 913n]);
});

test("the part that is paid stays, and the rest is divided by three: the hub takes it", () => {
  const { w, check, now, send, amounts } = inSeven();
  w.does("payment.takeCard", { payment: id("payment", 1), check, part: id("part", 1), slip: "1" });
  expect(divisibleOf(now())).toEqual({ kept: [SEVEN[0]], left: 2348n, beingPaid: false });
  expect(send(3)).toEqual([["1 of 7", null], ["2 of 4", null], ["3 of 4", null], ["4 of 4", null]]);
  expect(amounts()).toEqual([392n, 783n, 783n, 782n]);
});

test("the part that is being paid keeps the amount that its guest is asked for, and one that is paid partly keeps what it came to", () => {
  const { w, check, now, send, amounts } = inSeven();
  w.does("payment.startAttempt", { payment: id("payment", 1), check, part: id("part", 2), provider: TERMINAL.provider });
  w.does("payment.takeCard", { payment: id("payment", 2), check, part: id("part", 7), slip: "1", amount: eur(100) });
  expect(divisibleOf(now())).toMatchObject({ left: 1957n, beingPaid: true });
  expect(send(2)).toEqual([["2 of 7", "392"], ["7 of 7", "391"], ["3 of 4", null], ["4 of 4", null]]);
  expect(amounts()).toEqual([392n, 391n, 979n, 978n]);
  reported(w, id("payment", 1), { said: "captured" });
  expect(partsOf(now()).parts[0]).toMatchObject({ due: 0n, settled: true });
});

test("divided a second time, no two parts have one name", () => {
  const { w, check, send } = inSeven();
  w.does("payment.takeCard", { payment: id("payment", 1), check, part: id("part", 1), slip: "1" });
  send(3);
  w.does("payment.takeCard", { payment: id("payment", 2), check, part: id("part", 102), slip: "2" });
  expect(send(2).map(([name]) => name)).toEqual(["1 of 7", "3 of 4", "2 of 4", "4 of 4"]);
});

test("of all that is paid, or being paid, nothing is left to divide", () => {
  const { w, check, now } = inSeven();
  w.does("check.setParts", { check, parts: SEVEN.slice(0, 2) });
  w.does("payment.takeCard", { payment: id("payment", 1), check, part: id("part", 1), slip: "1" });
  w.does("payment.startAttempt", { payment: id("payment", 2), check, part: id("part", 2), provider: TERMINAL.provider });
  expect(divisibleOf(now())).toMatchObject({ left: 0n, beingPaid: true });
});
