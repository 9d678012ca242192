import { createTRPCUntypedClient, httpLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { ulid } from "ulidx";
import { operatorBearer, type OperatorTenant } from "#hub/auth/operator-token.ts";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { CommandInput, CommandType } from "#shared/domain/registry.ts";
import type { Snapshot } from "#hub/api/snapshot.ts";

export type SeedClient = ReturnType<typeof seedClient>;

const TRIES = 10;

/** The API as everybody uses it, by the operator's token. */
export function seedClient(hubUrl: string, secret: string, tenant: OperatorTenant) {
  const headers = { authorization: `Bearer ${operatorBearer(secret, tenant)}` };
  const trpc = createTRPCUntypedClient({ links: [httpLink({ url: `${hubUrl}/trpc`, transformer: superjson, headers })] });

  return {
    /** False for a refusal that says it is there already. */
    async run<Type extends CommandType>(type: Type, input: CommandInput<Type>, already: readonly string[] = []): Promise<boolean> {
      const commandId = ulid();
      const answer = await again(() => trpc.mutation(type, { commandId, input }) as Promise<CommandAnswer<unknown>>);
      if (answer.ok) return true;
      if (already.includes(answer.refusal.refused)) return false;
      throw new Error(`${type} was refused: ${JSON.stringify(answer.refusal)} (${JSON.stringify(input)})`);
    },
    /** What the place has, by stream. */
    async streams(): Promise<ReadonlyMap<string, unknown>> {
      const { aggregates } = (await again(() => trpc.query("sync.snapshot"))) as Snapshot;
      return new Map(aggregates.map(({ stream, state }) => [stream, state]));
    },
    /** Names of those whose PIN the demo shows. */
    async withPin(merchant: string): Promise<ReadonlySet<string>> {
      const { merchants } = (await again(() => trpc.query("demo.places"))) as { merchants: readonly { id: string; people: readonly { name: string }[] }[] };
      return new Set(merchants.find(({ id }) => id === merchant)?.people.map(({ name }) => name));
    },
    async setPin(staff: string, pin: string): Promise<void> {
      await again(() => trpc.mutation("auth.setPin", { staff, pin }));
    },
  };
}

/** The same id again, as any client does: a repeat gets the first answer (LOG-4). */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await call();
    } catch (error) {
      const code = error instanceof TRPCClientError ? (error.data as { httpStatus?: number } | undefined)?.httpStatus : undefined;
      if (tried === TRIES || (code !== undefined && code < 500)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * tried));
    }
  }
}
