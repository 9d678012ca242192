/**
 * A request that is refused before any procedure or handler has seen it. As the `cause` of a TRPCError it lets the
 * router's error formatter hand the code and the field to the client.
 */
export class DoorRefusal extends Error {
  readonly refused: string;
  readonly field: string | undefined;

  constructor(refused: string, field?: string) {
    super(field === undefined ? refused : `${refused}: ${field}`);
    this.name = "DoorRefusal";
    this.refused = refused;
    this.field = field;
  }
}

/** The body of a refusal at doors that do not speak tRPC. */
export type RefusalBody = { readonly refused: string; readonly field?: string; readonly rule?: string };
