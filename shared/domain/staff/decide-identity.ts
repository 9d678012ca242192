import { changePin, createStaff, disableStaff, pairDevice, revokeDevice } from "#shared/commands/settings.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { Context, Decision } from "../command.ts";
import { change, command, NO_CHANGE, ref, refuse, type Nothing } from "../deciding.ts";

type Work = { readonly merchant: string; readonly capabilities: readonly Capability[] };

type Excess = { readonly merchant: string; readonly capability: Capability | null };

/** Who works at another place as well is not one place's to decide about. */
function elsewhere(work: readonly Work[], { merchant, actor }: Context): Excess | undefined {
  if (actor.capabilities.includes("operate.system")) return undefined;
  const other = work.find((at) => at.merchant !== merchant);
  return other && { merchant: other.merchant, capability: null };
}

/** Nobody gives away what they do not have: a manager's rights end at the own place and the own capabilities. The operator sets up all of it. */
function beyond(work: readonly Work[], context: Context): Excess | undefined {
  const { merchant, actor } = context;
  if (actor.capabilities.includes("operate.system")) return undefined;
  const other = elsewhere(work, context);
  if (other) return other;
  for (const at of work) {
    const missing = at.capabilities.find((capability) => !actor.capabilities.includes(capability));
    if (missing) return { merchant, capability: missing };
  }
  return undefined;
}

export const createStaffCommand = command({
  type: "identity.createStaff",
  version: 1,
  capability: "manage.settings",
  owner: "organizer",
  schema: createStaff,
  reads: (input) => [ref("staff", input.staff)],
  decide: ({ staff, ...data }, reader, context): Decision<Nothing> => {
    if (reader.get("staff", staff)) return refuse("staff-exists", { staff });
    const excess = beyond(data.work, context);
    if (excess) return refuse("grant-exceeds-own", excess);
    return { changes: [change("staff", staff, [{ type: "identity.staff.created", data }])], result: {} };
  },
});

export const disableStaffCommand = command({
  type: "identity.disableStaff",
  version: 1,
  capability: "manage.settings",
  owner: "organizer",
  schema: disableStaff,
  reads: (input) => [ref("staff", input.staff)],
  decide: ({ staff: id, reason }, reader, context): Decision<Nothing> => {
    const staff = reader.get("staff", id);
    if (!staff) return refuse("unknown-staff", { staff: id });
    const excess = elsewhere(staff.work, context);
    if (excess) return refuse("grant-exceeds-own", excess);
    if (staff.disabled) return NO_CHANGE;
    return { changes: [change("staff", id, [{ type: "identity.staff.disabled", data: { reason } }])], result: {} };
  },
});

/**
 * The hub runs it before it sets a PIN; nobody else can. Whoever sets a person's PIN can log in as them, so it is a grant
 * of all that they may do.
 */
export const changePinCommand = command({
  type: "identity.changePin",
  version: 1,
  capability: "manage.settings",
  owner: "organizer",
  schema: changePin,
  reads: (input) => [ref("staff", input.staff)],
  decide: ({ staff: id }, reader, context): Decision<Nothing> => {
    const staff = reader.get("staff", id);
    if (!staff || staff.disabled || !staff.work.some(({ merchant }) => merchant === context.merchant)) return refuse("unknown-staff", { staff: id });
    const excess = beyond(staff.work, context);
    if (excess) return refuse("grant-exceeds-own", excess);
    return { changes: [change("staff", id, [{ type: "identity.staff.pinChanged", data: { by: context.actor.name } }])], result: {} };
  },
});

/** The hub runs it when a pairing code was handed in; nobody else can. */
export const pairDeviceCommand = command({
  type: "identity.pairDevice",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: pairDevice,
  reads: (input, _, context) => [ref("device", input.device), ref("merchant", context.merchant)],
  decide: ({ device, ...data }, reader, context): Decision<Nothing> => {
    if (reader.get("device", device)) return refuse("device-exists", { device });
    const stations = reader.get("merchant", context.merchant)?.stations ?? [];
    if (data.station !== null && !stations.some((s) => s.station === data.station)) return refuse("unknown-station", { station: data.station });
    return { changes: [change("device", device, [{ type: "identity.device.paired", data }])], result: {} };
  },
});

export const revokeDeviceCommand = command({
  type: "identity.revokeDevice",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: revokeDevice,
  reads: (input) => [ref("device", input.device)],
  decide: ({ device: id, reason }, reader): Decision<Nothing> => {
    const device = reader.get("device", id);
    if (!device) return refuse("unknown-device", { device: id });
    if (device.revoked) return NO_CHANGE;
    return { changes: [change("device", id, [{ type: "identity.device.revoked", data: { reason } }])], result: {} };
  },
});
