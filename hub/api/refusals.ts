import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { DoorRefusal } from "#hub/transport/refusal.ts";

type Code = TRPCError["code"];
/** Where in the input something is wrong, and the rule that it breaks. */
export type Field = { readonly path: string; readonly rule: string };

/** A refusal by the door, before or beside the domain: the code for programs, and what goes with it. */
export class ApiRefusal extends Error {
  readonly refused: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(refused: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(refused);
    this.name = "ApiRefusal";
    this.refused = refused;
    this.fields = fields;
  }
}

export function refusal(code: Code, refused: string, fields: Readonly<Record<string, unknown>> = {}): TRPCError {
  const cause = new ApiRefusal(refused, fields);
  return new TRPCError({ code, message: refused, cause });
}

/** Nothing is known to be written: the client sends the same command id again. */
export function unavailable(reason: string): TRPCError {
  return refusal("SERVICE_UNAVAILABLE", "unavailable", { reason });
}

/** What the client gets of an error beside tRPC's own shape. */
export function errorData(error: TRPCError): { readonly refused?: string; readonly fields?: readonly Field[] } {
  const { cause } = error;
  if (cause instanceof ApiRefusal) return { ...cause.fields, refused: cause.refused };
  if (cause instanceof DoorRefusal) return { refused: cause.refused, ...(cause.field === undefined ? {} : { fields: [{ path: cause.field, rule: cause.refused }] }) };
  if (cause instanceof z.core.$ZodError) return { refused: "bad-input", fields: cause.issues.flatMap((issue) => fieldsOf(issue, [])) };
  return {};
}

/** A union says what each of its members missed; the first member's complaint is the most use. */
function fieldsOf(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): readonly Field[] {
  const path = [...before, ...issue.path];
  if (issue.code === "invalid_union") {
    const [first] = issue.errors;
    if (first !== undefined && first.length > 0) return first.flatMap((inner) => fieldsOf(inner, path));
  }
  return [{ path: path.map(String).join("."), rule: issue.message }];
}
