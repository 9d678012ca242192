import { useMemo } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { newId } from "../../kit/ids.ts";
import { inEqualParts } from "./equal-parts.ts";
import { byCheck, type Meant } from "./selection.ts";

export type Target = CommandInput<"check.move">["to"];

export type Surgery = ReturnType<typeof useSurgery>;

/** What is done with the lines of checks. One tap is one command, however many checks it takes from: under an operation's id of its own, so that one tap undoes it, here or on another tablet. */
export function useSurgery() {
  const send = useSend();
  return useMemo(() => {
    /** To a check that is there, or to a new one, which may become somebody else's. */
    async function moveTo(meant: readonly Meant[], target: string, to?: Target): Promise<boolean> {
      const from = [...byCheck(meant)].filter(([check]) => check !== target);
      const [first] = from;
      if (!first) return true;
      const into = from.map(([check, lines]) => ({ check: target, from: check, ...(to ? { to } : {}), lines: lines.map(({ share, quantity }) => ({ share: share.share, ...(quantity === null ? {} : { quantity }) })) }));
      return (await send("check.split", { operation: newId("operation"), check: first[0], into })).ok;
    }
    return {
      moveTo: (meant: readonly Meant[], target: string) => moveTo(meant, target),
      moveCheck: async (check: string, to: Target) => (await send("check.move", { operation: newId("operation"), check, to })).ok,
      /** The lines become a check of their own, at another table or under another name. */
      moveOut: (meant: readonly Meant[], to: Target) => moveTo(meant, newId("check"), to),
      bySeat: async (check: string, seats: number) => (await send("check.splitBySeat", { operation: newId("operation"), check, checks: Array.from({ length: seats }, () => newId("check")) })).ok,
      /** Whatever these checks had of the items before. */
      share: async (meant: readonly Meant[], among: readonly string[]) => {
        const [check, ...from] = byCheck(meant).keys();
        if (check === undefined) return false;
        const items = [...new Set(meant.map(({ share }) => share.item))];
        return (await send("check.share", { operation: newId("operation"), items, check, from, among: [...among] })).ok;
      },
      merge: async (target: string, sources: readonly string[]) => (await send("check.merge", { operation: newId("operation"), target, sources: [...sources] })).ok,
      undo: async (operation: string, check: string) => (await send("check.undo", { operation, check })).ok,
      equally: async (check: CheckState, count: number) => (await send("check.setParts", { operation: newId("operation"), check: check.id, parts: [...inEqualParts(check, count, () => newId("part"))] })).ok,
      wholeAgain: async (check: string) => (await send("check.setParts", { operation: newId("operation"), check, parts: [] })).ok,
    };
  }, [send]);
}
