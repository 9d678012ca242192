import { expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { latteItem, phoItem, place } from "../testing/place.ts";
import { lay, originOf, putShare } from "./bench.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";

test("CHK-30: a share is never written over another one, whoever chose its id", () => {
  const world = place();
  const opening = { serviceType: "takeaway" as const, label: "X", channel: "tablet" as const, customer: null, promisedAt: null };
  const checkWith = (order: number, item: ReturnType<typeof latteItem>) => {
    const { check } = world.does("order.addItems", { order: id("order", order), opening, items: [item] }).result as { check: string };
    return world.get("check", check) as CheckState;
  };
  const latte = checkWith(501, latteItem(1));
  const pho = checkWith(502, phoItem(2));
  const [ofLatte, ofPho] = [shareList(latte.shares)[0], shareList(pho.shares)[0]];
  if (!ofLatte || !ofPho) throw new Error("a check without a line");
  const bench = lay([latte, pho], latte.id);
  expect(() => putShare(bench, latte.id, { ...ofPho, share: ofLatte.share }, originOf(pho, ofPho))).toThrow("on check");
  putShare(bench, latte.id, ofPho, originOf(pho, ofPho));
  expect(shareList(bench.now.get(latte.id)?.shares ?? {}).map(({ item }) => item).sort()).toEqual([ofLatte.item, ofPho.item].sort());
});
