import { createTRPCUntypedClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import { ulid } from "ulidx";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import { apiOf } from "../bench/place.ts";

export type Prefix = "none" | "no" | "extra" | "light" | "side";

/** Somebody at a device: what is done is said to have happened some minutes ago, as by a device that was offline. */
export type Hand = <Type extends CommandType>(type: Type, input: CommandInput<Type>, minutesAgo: number) => Promise<CommandResult<Type>>;

export type DeviceOf = { readonly url: string; readonly pairingCode: string; readonly person?: { readonly staff: string; readonly pin: string } };

export async function handAt({ url, pairingCode, person }: DeviceOf): Promise<Hand> {
  const { deviceToken } = await apiOf({ url }, "none").auth.pair.mutate({ code: pairingCode });
  const device = apiOf({ url }, deviceToken);
  const { accessToken } = await (person === undefined ? device.auth.deviceLogin.mutate() : device.auth.login.mutate(person));
  const trpc = createTRPCUntypedClient({ links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers: { authorization: `Bearer ${accessToken}` } })] });
  return async (type, input, minutesAgo) => {
    const occurredAt = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const answer = (await trpc.mutation(type, { commandId: ulid(), occurredAt, input })) as CommandAnswer<CommandResult<typeof type>>;
    if (!answer.ok) throw new Error(`${type} was refused: ${JSON.stringify(answer.refusal)} (${JSON.stringify(input)})`);
    return answer.result;
  };
}
