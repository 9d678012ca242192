import { createTRPCUntypedClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Stack } from "../services/stack.ts";
import { ITEMS, PARTS } from "./large-bill.ts";
import { apiOf, newId, type BenchPlace, ulid } from "./place.ts";

/** Gives commands as the place's waiter; throws when one is refused. */
export type Hand = <T extends CommandType>(type: T, input: CommandInput<T>, commandId?: string) => Promise<CommandResult<T>>;

export function handOf(stack: Pick<Stack, "url">, place: BenchPlace): Hand {
  const trpc = createTRPCUntypedClient({ links: [httpLink({ url: `${stack.url}/trpc`, transformer: superjson, headers: { authorization: `Bearer ${place.accessToken}` } })] });
  return async (type, input, commandId = ulid()) => {
    const answer = (await trpc.mutation(type, { commandId, input })) as CommandAnswer<CommandResult<typeof type>>;
    if (!answer.ok) throw new Error(`${type} was refused: ${JSON.stringify(answer.refusal)}`);
    return answer.result;
  };
}

/** An order of 200 lines for twelve seats, one line in ten for everybody, on one check. */
export async function openBill(hand: Hand, place: BenchPlace, label: string): Promise<{ readonly order: string; readonly check: string }> {
  const order = newId("order");
  const opening = { serviceType: "dine_in" as const, label, channel: "till" as const, customer: null, promisedAt: null };
  let check = "";
  const ids: string[] = [];
  for (let i = 0; i < ITEMS; i += 50) {
    const items = Array.from({ length: 50 }, (_, n) => {
      const line = i + n;
      const item = newId("item");
      ids.push(item);
      return { item, product: place.products[line % place.products.length] ?? "", seat: line % 10 === 9 ? null : (line % PARTS) + 1 };
    });
    ({ check } = await hand("order.addItems", { order, ...(i === 0 ? { opening } : {}), items }));
  }
  for (let i = 0; i < ITEMS; i += 100) await hand("order.send", { order, items: ids.slice(i, i + 100) });
  return { order, check };
}

export async function divideBySeat(hand: Hand, check: string): Promise<readonly string[]> {
  const checks = Array.from({ length: PARTS }, () => newId("check"));
  const made = await hand("check.splitBySeat", { operation: newId("operation"), check, checks, shared: "stay" });
  return [check, ...made.checks];
}

/** As a screen that has just been switched on knows it. */
export async function checkState(stack: Pick<Stack, "url">, place: BenchPlace, check: string): Promise<CheckState> {
  const { aggregates } = await apiOf(stack, place.accessToken).sync.snapshot.query();
  const found = aggregates.find(({ kind, stream }) => kind === "check" && stream === check);
  if (!found) throw new Error(`${check} is not shown`);
  return found.state as CheckState;
}
