import type { z } from "zod";
import type { COMMANDS } from "#shared/domain/registry.ts";
import type { Refusal } from "#shared/domain/command.ts";

type Definition = (typeof COMMANDS)[number];
export type CommandType = Definition["type"];
type DefinitionOf<Type extends CommandType> = Extract<Definition, { type: Type }>;
export type CommandInput<Type extends CommandType> = z.input<DefinitionOf<Type>["schema"]>;
export type CommandResult<Type extends CommandType> = Exclude<ReturnType<DefinitionOf<Type>["decide"]>, Refusal>["result"];
