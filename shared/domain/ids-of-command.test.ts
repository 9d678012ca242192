import { expect, test } from "vitest";
import { idPattern, prefixed } from "../ids.ts";
import { newShareId } from "./check/share-list.ts";
import { idsOfCommand } from "./ids-of-command.ts";
import { id } from "./testing/given.ts";

const COMMAND = "01JD0000000000000000000001";
const NEXT = "01JD0000000000000000000002";
const none = (): string => {
  throw new Error("no other id was asked for");
};
const sharesOf = (command: string, count: number) => {
  const newId = idsOfCommand(command, none);
  return Array.from({ length: count }, () => newId("share"));
};

test("a command's shares are named alike wherever it is decided, whatever else is named between them", () => {
  let made = 0;
  const newId = idsOfCommand(COMMAND, (kind) => id(kind, ++made));
  const shares = [newId("share"), newId("share")];
  expect([newId("event"), newId("check")]).toEqual([id("event", 1), id("check", 2)]);
  expect([...shares, newId("share")]).toEqual(sharesOf(COMMAND, 3));
});

test("ids of shares are well formed, and none comes twice, also of commands whose ids follow one another", () => {
  const made = [...sharesOf(COMMAND, 5_000), ...sharesOf(NEXT, 5_000)];
  for (const share of made) expect(share).toMatch(idPattern("share"));
  expect(new Set(made).size).toBe(made.length);
  expect(made[0]?.slice(0, 14)).toBe(prefixed("share", COMMAND).slice(0, 14));
});

test("an id that is there already is passed over: a command's id is its sender's choice", () => {
  const [first = "", second] = sharesOf(COMMAND, 2);
  expect(newShareId({ [first]: undefined as never }, { newId: idsOfCommand(COMMAND, none) })).toBe(second);
});
