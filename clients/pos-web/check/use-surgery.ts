import { useMemo } from "react";
import { useSend } from "../../kit/commands/use-send.ts";
import { newId } from "../../kit/ids.ts";
import { byCheck, type Meant } from "./selection.ts";

export type Target = { readonly kind: "party"; readonly party: string } | { readonly kind: "label"; readonly label: string };

/** What one tap here did by two operations: the later one, and those that went before it. One tap undoes them all. */
const together = new Map<string, readonly { readonly operation: string; readonly check: string }[]>();

export type Surgery = ReturnType<typeof useSurgery>;

/** What is done with the lines of checks, each under an operation's id of its own, so that one tap undoes it. */
export function useSurgery() {
  const send = useSend();
  return useMemo(() => {
    /** To a check that is there, or to a new one: one command for each check that gives. */
    async function moveTo(meant: readonly Meant[], target: string, done: { operation: string; check: string }[] = []): Promise<boolean> {
      let ok = true;
      for (const [check, lines] of byCheck(meant)) {
        if (check === target) continue;
        const into = [{ check: target, lines: lines.map(({ share, quantity }) => ({ share: share.share, ...(quantity === null ? {} : { quantity }) })) }];
        const operation = newId("operation");
        const answer = await send("check.split", { operation, check, into });
        if (answer.ok) done.push({ operation, check });
        ok = ok && answer.ok;
      }
      return ok;
    }
    async function moveCheck(check: string, to: Target, before: readonly { operation: string; check: string }[] = []): Promise<boolean> {
      const operation = newId("operation");
      if (before.length > 0) together.set(operation, before);
      return (await send("check.move", { operation, check, to })).ok;
    }
    return {
      moveTo,
      moveCheck: (check: string, to: Target) => moveCheck(check, to),
      /** The lines become a check of their own, which then moves. */
      moveOut: async (meant: readonly Meant[], to: Target) => {
        const check = newId("check");
        const done: { operation: string; check: string }[] = [];
        return (await moveTo(meant, check, done)) && moveCheck(check, to, done);
      },
      bySeat: async (check: string, seats: number) => (await send("check.splitBySeat", { operation: newId("operation"), check, checks: Array.from({ length: seats }, () => newId("check")) })).ok,
      /** Whatever these checks had of the items before. */
      share: async (meant: readonly Meant[], among: readonly string[]) => {
        const [first] = meant;
        if (!first) return false;
        const items = [...new Set(meant.map(({ share }) => share.item))];
        return (await send("check.share", { operation: newId("operation"), items, check: first.check.id, among: [...among] })).ok;
      },
      merge: async (target: string, sources: readonly string[]) => (await send("check.merge", { operation: newId("operation"), target, sources: [...sources] })).ok,
      undo: async (operation: string, check: string) => {
        for (const each of [{ operation, check }, ...[...(together.get(operation) ?? [])].reverse()]) if (!(await send("check.undo", each)).ok) return false;
        return true;
      },
      equally: async (check: string, count: number) => (await send("check.setParts", { operation: newId("operation"), check, parts: Array.from({ length: count }, (_, i) => ({ part: newId("part"), name: `${i + 1} of ${count}`, amount: null })) })).ok,
      wholeAgain: async (check: string) => (await send("check.setParts", { operation: newId("operation"), check, parts: [] })).ok,
    };
  }, [send]);
}
