import type { Capability } from "#shared/events/identity.ts";

export type StaffState = {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly work: readonly { readonly merchant: string; readonly capabilities: readonly Capability[] }[];
  readonly disabled: boolean;
};
export type DeviceState = { readonly id: string; readonly name: string; readonly kind: "pos" | "kds" | "manager"; readonly station: string | null; readonly revoked: boolean };
