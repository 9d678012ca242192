import type { CommandAnswer } from "#shared/commands/answer.ts";
import type { Refusal } from "#shared/domain/command.ts";
import type { CommandInput, CommandResult, CommandType } from "#shared/domain/registry.ts";
import type { Device } from "./device.ts";

export type Taps = {
  /** The result, or undefined when it was refused for one of the named reasons; throws at any other refusal. */
  ask<Type extends CommandType>(type: Type, input: CommandInput<Type>, mayRefuse: readonly string[], onRefusal?: (refusal: Refusal) => void): Promise<CommandResult<Type> | undefined>;
  must<Type extends CommandType>(type: Type, input: CommandInput<Type>): Promise<CommandResult<Type>>;
};

/** `pause` is the time between two taps. */
export function tapsOf(device: Device, pause: () => Promise<void>): Taps {
  async function tap<Type extends CommandType>(type: Type, input: CommandInput<Type>): Promise<CommandAnswer<CommandResult<Type>>> {
    await pause();
    return device.send(type, input);
  }

  const ask: Taps["ask"] = async (type, input, mayRefuse, onRefusal = () => {}) => {
    const answer = await tap(type, input);
    if (answer.ok) return answer.result;
    if (!mayRefuse.includes(answer.refusal.refused)) throw new Error(`${device.name}: ${type} was refused: ${JSON.stringify(answer.refusal)}`);
    onRefusal(answer.refusal);
    return undefined;
  };
  return { ask, must: async (type, input) => (await ask(type, input, [])) as CommandResult<typeof type> };
}
