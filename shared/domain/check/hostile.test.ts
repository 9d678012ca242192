import { describe, expect, test } from "vitest";
import type { CommandInput } from "../registry.ts";
import { id } from "../testing/given.ts";
import { add, burgerItem, latteItem, phoItem, seated, send } from "../testing/place.ts";
import { checkTotals } from "./totals.ts";

/** What no screen of ours sends, and somebody may. */
const [B, C, OTHER] = [51, 52, 53].map((n) => id("check", n)) as [string, string, string];
const op = (n: number) => id("operation", n);

function served() {
  const w = seated();
  const { check: A } = add(w, phoItem(1), burgerItem(2), latteItem(3, { quantity: "3" }));
  send(w, 1, 2, 3);
  const shareOf = (item: number, check = A) => Object.values(w.get("check", check)?.shares ?? {}).find((share) => share.item === id("item", item))?.share ?? "";
  const split = (n: number, lines: CommandInput<"check.split">["into"][number]["lines"], into = B) => ({ operation: op(n), check: A, into: [{ check: into, lines }] });
  const before = checkTotals(w.get("check", A) ?? (undefined as never));
  return { w, A, shareOf, split, before };
}

describe("surgery that is meant to cheat", () => {
  test("more than there is, the same line twice, a line of another check, nothing: refused, and nothing is written", () => {
    const { w, A, shareOf, split, before } = served();
    const events = w.log.length;
    const third = { numerator: 4, denominator: 3 };
    expect(w.refuses("check.split", split(1, [{ share: shareOf(3), quantity: "4" }]))).toMatchObject({ refused: "quantity-too-large" });
    expect(w.refuses("check.split", split(1, [{ share: shareOf(3), fraction: third }]))).toMatchObject({ refused: "quantity-too-large" });
    expect(w.refuses("check.split", split(1, [{ share: shareOf(1) }, { share: shareOf(1) }]))).toMatchObject({ refused: "line-twice", share: shareOf(1) });
    expect(w.refuses("check.split", split(1, [{ share: shareOf(3), quantity: "2" }, { share: shareOf(3), quantity: "2" }]))).toMatchObject({ refused: "line-twice" });
    expect(w.refuses("check.split", { ...split(1, [{ share: shareOf(1) }]), check: B })).toMatchObject({ refused: "unknown-check" });
    expect(w.refuses("check.split", split(1, [{ share: id("share", 99) }]))).toMatchObject({ refused: "unknown-share" });
    expect(w.refuses("check.split", split(1, [{ share: shareOf(1) }], A))).toMatchObject({ refused: "same-check" });
    expect(w.refuses("check.share", { operation: op(1), check: A, items: [id("item", 9)], among: [A] })).toMatchObject({ refused: "unknown-item" });
    expect(w.refuses("check.share", { operation: op(1), check: A, items: [id("item", 1)], among: [A, OTHER] })).toMatchObject({ refused: "unknown-check" });
    expect(w.refuses("check.merge", { operation: op(1), target: A, sources: [A] })).toMatchObject({ refused: "same-check" });
    expect(w.log).toHaveLength(events);
    expect(checkTotals(w.get("check", A) ?? (undefined as never))).toEqual(before);
  });

  test("the same check named twice in one split bears each line once", () => {
    const { w, A, shareOf, before } = served();
    w.does("check.split", { operation: op(1), check: A, into: [{ check: B, lines: [{ share: shareOf(1) }] }, { check: B, lines: [{ share: shareOf(2) }] }] });
    expect([A, B].reduce((sum, check) => sum + BigInt(checkTotals(w.get("check", check) ?? (undefined as never)).total), 0n).toString()).toBe(before.total);
    w.does("check.undo", { operation: op(1), check: A });
    expect([w.get("check", B)?.status, checkTotals(w.get("check", A) ?? (undefined as never))]).toEqual(["voided", before]);
  });

  test("one name for two operations is refused: each can be undone", () => {
    const { w, A, shareOf, split } = served();
    w.does("check.split", split(1, [{ share: shareOf(1) }]));
    for (const refused of [
      w.refuses("check.split", split(1, [{ share: shareOf(2) }], C)),
      w.refuses("check.share", { operation: op(1), check: A, items: [id("item", 2)], among: [A, B] }),
      w.refuses("check.merge", { operation: op(1), target: A, sources: [B] }),
      w.refuses("check.move", { operation: op(1), check: A, to: { kind: "label", label: "Tab Eve" } }),
    ]) expect(refused).toMatchObject({ refused: "operation-exists", operation: op(1) });
    w.does("check.undo", { operation: op(1), check: A });
    expect(w.refuses("check.undo", { operation: op(1), check: A })).toMatchObject({ refused: "unknown-operation" });
  });

  test("what was moved twice is moved back the latest first; else it would go where it is no longer", () => {
    const { w, A } = served();
    const label = () => w.get("check", A)?.label;
    w.does("check.move", { operation: op(1), check: A, to: { kind: "label", label: "Tab Mike" } });
    w.does("check.move", { operation: op(2), check: A, to: { kind: "label", label: "Tab Eve" } });
    expect(w.refuses("check.undo", { operation: op(1), check: A })).toMatchObject({ refused: "cannot-undo", why: "moved-on", operation: op(2) });
    w.does("check.undo", { operation: op(2), check: A });
    w.does("check.undo", { operation: op(1), check: A });
    expect(label()).toBe("T5");
  });

  test("a closed, a voided and a merged check give and take nothing, and their parts are nobody's", () => {
    const { w, A, shareOf, split } = served();
    w.does("check.split", split(1, [{ share: shareOf(1) }]));
    w.does("payment.takeCard", { payment: id("payment", 1), check: B, slip: "1" });
    w.does("check.close", { check: B });
    const [mine, theirs] = [shareOf(2), shareOf(1, B)];
    expect(w.refuses("check.split", split(2, [{ share: mine }], B))).toMatchObject({ refused: "check-closed", check: B });
    expect(w.refuses("check.split", split(2, [{ share: theirs }], C))).toMatchObject({ refused: "unknown-share" });
    expect(w.refuses("check.split", { operation: op(2), check: B, into: [{ check: A, lines: [{ share: theirs }] }] })).toMatchObject({ refused: "check-closed", check: B });
    expect(w.refuses("check.merge", { operation: op(2), target: A, sources: [B] })).toMatchObject({ refused: "check-closed", check: B });
    expect(w.refuses("check.share", { operation: op(2), check: A, items: [id("item", 2)], among: [A, B] })).toMatchObject({ refused: "check-closed", check: B });
    expect(w.refuses("check.undo", { operation: op(1), check: A })).toMatchObject({ refused: "cannot-undo", why: "closed", check: B });
    w.does("check.split", split(3, [{ share: mine }], C));
    w.does("check.merge", { operation: op(4), target: A, sources: [C] });
    expect(w.refuses("check.split", split(5, [{ share: mine }], C))).toMatchObject({ refused: "check-closed", check: C, into: A });
  });
});
