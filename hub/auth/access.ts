import type { MerchantState } from "#shared/domain/merchant/state.ts";
import { APPROVERS } from "#shared/domain/approval/subject.ts";
import { commandDefinition } from "#shared/domain/registry.ts";
import type { StaffState } from "#shared/domain/staff/state.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { IdKind } from "#shared/ids.ts";
import type { Executor } from "#hub/commands/execute.ts";
import type { Session } from "#hub/commands/session.ts";
import { inTenant, type Sql, type Tenant } from "#hub/db/client.ts";
import { accessTokens } from "./access-token.ts";
import { addressHash } from "./address-hash.ts";
import { createApproveInPlace } from "./approve-in-place.ts";
import { beginAttempt, failAttempt, forgiveAttempt, PAIRING_BACK_OFF } from "./attempts.ts";
import { createDevices, type Device, type DeviceKind, type Devices } from "./devices.ts";
import { readOperatorBearer, type OperatorTenant } from "./operator-token.ts";
import { createPinCheck } from "./pin-check.ts";
import { createPins } from "./pins.ts";
import { capabilitiesAt, deviceCapabilities, Sessions, tenantOf } from "./sessions.ts";
import { createSocketTickets } from "./socket-tickets.ts";

/** The operator sets places up and sees that they run; selling is for people. */
const OPERATOR_CAPABILITIES: readonly Capability[] = ["operate.system", "manage.settings", "manage.view", "stock.count"];

export type AccessOptions = {
  readonly sql: Sql;
  readonly secret: string;
  readonly executor: Executor;
  readonly demo: boolean;
  now(): number;
  newId(kind: IdKind): string;
  newUlid(): string;
  /** The session's sockets end with it. */
  onSessionEnded(session: string): void;
};

export type Refused = { readonly refused: string; readonly [field: string]: unknown };
export type StaffLogin = {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken: string;
  readonly staff: { readonly id: string; readonly name: string; readonly color: string; readonly capabilities: readonly Capability[] };
};
export type DeviceLogin = { readonly accessToken: string; readonly expiresAt: string; readonly refreshToken: null; readonly staff: null; readonly capabilities: readonly Capability[] };
export type NewDevice = { readonly name: string; readonly kind: DeviceKind; readonly station: string | null };
/** The request that makes the hub give a command. */
export type Asked = { readonly remoteAddress: string; readonly traceparent: string | undefined };
type MerchantTenant = { readonly organizerId: string; readonly merchantId: string };

export type Access = ReturnType<typeof createAccess>;

/** Who may come in, as what, and for how long. */
export function createAccess(options: AccessOptions) {
  const { sql, secret, executor, now, newId, newUlid } = options;
  const tokens = accessTokens(secret);
  const devices: Devices = createDevices(sql, secret);
  const pins = createPins(sql, secret);
  const sessions = new Sessions(sql, secret, now, options.onSessionEnded);
  const tickets = createSocketTickets(sql, sessions);
  const hashOf = addressHash(secret);
  const pairs = new Set<string>();
  const checkPin = createPinCheck({ sql, pins, staffOf });
  const approveInPlace = createApproveInPlace({ executor, checkPin, now, hashOf });

  async function authenticate(bearer: string): Promise<Session | Refused> {
    if (bearer.startsWith("cop_")) return operator(bearer);
    const claims = await tokens.verify(bearer, now());
    if ("refused" in claims) return claims;
    return (await sessions.check(claims)) ?? { refused: "session-expired" };
  }

  async function operator(bearer: string): Promise<Session | Refused> {
    const tenant: OperatorTenant | undefined = readOperatorBearer(secret, bearer);
    if (tenant === undefined || !(await belongTogether(tenant))) return { refused: "unknown-token" };
    return { id: "operator", ...tenant, device: null, deviceName: null, staff: null, capabilities: OPERATOR_CAPABILITIES, expiresAt: now() + 60_000 };
  }

  /** A merchant that exists is its organizer's; a slip of the operator must not write under another's name. */
  async function belongTogether({ organizer, merchant }: OperatorTenant): Promise<boolean> {
    if (merchant === null || pairs.has(`${organizer}/${merchant}`)) return true;
    const [row] = await inTenant(sql, { organizerId: organizer, merchantId: merchant }, (tx) => tx<{ organizer_id: string }[]>`select organizer_id from aggregates where stream = ${merchant}`);
    if (row?.organizer_id === organizer) pairs.add(`${organizer}/${merchant}`);
    return row === undefined || row.organizer_id === organizer;
  }

  async function createPairingCode(tenant: MerchantTenant, device: NewDevice) {
    return devices.createCode(tenant, { ...device, device: newId("device"), commandId: newUlid() }, now());
  }

  /** The event first, then the credential: a device that works is in the audit. Both can be tried again while the code lives. */
  async function pair(code: string, remoteAddress: string) {
    const key = `pair:${hashOf(remoteAddress)}`;
    const attempt = await beginAttempt(sql, key, PAIRING_BACK_OFF);
    if (attempt.waitMs > 0) return { refused: "too-many-attempts", retryAfterMs: attempt.waitMs };
    const unknownCode = async (): Promise<Refused> => {
      await failAttempt(sql, key);
      return { refused: "unknown-code", ...retryAfter(attempt.nextMs) };
    };
    const found = await devices.findCode(code);
    if (found === undefined) return unknownCode();
    const recorded = await recordPairing(found, hashOf(remoteAddress));
    if (recorded !== undefined) return recorded;
    const deviceToken = await devices.pair(code);
    if (deviceToken === undefined) return unknownCode();
    await forgiveAttempt(sql, key, "all");
    const merchant = await merchantOf(tenantOf(found));
    return {
      deviceToken,
      device: found.id,
      deviceName: found.name,
      kind: found.kind,
      station: found.station,
      merchant: { id: found.merchant, name: merchant?.name ?? "" },
      organizer: found.organizer,
    };
  }

  async function recordPairing(found: Device & { commandId: string }, addresshash: string): Promise<Refused | undefined> {
    const definition = commandDefinition("identity.pairDevice");
    if (definition === undefined) throw new Error("identity.pairDevice is not a command");
    const session: Session = {
      id: "pairing",
      organizer: found.organizer,
      merchant: found.merchant,
      device: found.id,
      deviceName: found.name,
      staff: null,
      capabilities: [definition.capability],
      expiresAt: now() + 60_000,
    };
    const input = { device: found.id, name: found.name, kind: found.kind, station: found.station };
    const execution = await executor.execute(definition, { commandId: found.commandId, input }, session, undefined, addresshash);
    if (execution.outcome !== "answered") return { refused: "unavailable", reason: execution.outcome };
    return execution.answer.ok ? undefined : execution.answer.refusal;
  }

  async function merchantOf(tenant: MerchantTenant): Promise<MerchantState | undefined> {
    const [row] = await inTenant(sql, tenant, (tx) => tx<{ head: MerchantState }[]>`select head from aggregates where stream = ${tenant.merchantId}`);
    return row?.head;
  }

  async function staffOf(tenant: MerchantTenant): Promise<readonly StaffState[]> {
    const rows = await inTenant(sql, tenant, (tx) => tx<{ head: StaffState }[]>`
      select head from aggregates where merchant_id is null and organizer_id = ${tenant.organizerId} and kind = 'staff'`);
    return rows.map(({ head }) => head).filter((staff) => !staff.disabled && staff.work.some(({ merchant }) => merchant === tenant.merchantId));
  }

  /** Whom a tablet asks for a yes (DOM-20). */
  function approvesAt(person: Parameters<typeof capabilitiesAt>[0], merchant: string): readonly Capability[] {
    return capabilitiesAt(person, merchant).filter((capability) => APPROVERS.some((each) => each === capability));
  }

  async function people(device: Device) {
    const tenant = tenantOf(device);
    const [merchant, staff] = await Promise.all([merchantOf(tenant), staffOf(tenant)]);
    if (merchant === undefined) throw new Error(`${device.merchant} has a device and no state`);
    const { id, name, locale, currency, displayDigits } = merchant;
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, locale);
    return {
      merchant: { id, name, locale, currency, displayDigits },
      people: staff.map((person) => ({ staff: person.id, name: person.name, color: person.color, approves: approvesAt(person, device.merchant), serves: capabilitiesAt(person, device.merchant).includes("order.take") })).sort(byName),
    };
  }

  async function login(device: Device, staff: string, pin: string): Promise<StaffLogin | Refused> {
    const person = await checkPin(tenantOf(device), device.id, staff, pin);
    if ("refused" in person) return person;
    const session = `ses_${newUlid()}`;
    const { refreshToken } = await sessions.openForStaff(device, staff, session);
    return staffLogin(device, session, refreshToken, person);
  }

  async function staffLogin(device: Device, session: string, refreshToken: string, { id, name, color, work }: Pick<StaffState, "id" | "name" | "color" | "work">): Promise<StaffLogin> {
    const { token, expiresAt } = await tokens.issue({ session, organizer: device.organizer, merchant: device.merchant }, now());
    const capabilities = capabilitiesAt({ work }, device.merchant);
    return { accessToken: token, expiresAt, refreshToken, staff: { id, name, color, capabilities } };
  }

  async function deviceLogin(device: Device): Promise<DeviceLogin | Refused> {
    const capabilities = deviceCapabilities(device.kind);
    if (capabilities.length === 0) return { refused: "device-kind", kind: device.kind };
    const session = await sessions.openForDevice(device, `ses_${newUlid()}`);
    const { token, expiresAt } = await tokens.issue({ session, organizer: device.organizer, merchant: device.merchant }, now());
    return { accessToken: token, expiresAt, refreshToken: null, staff: null, capabilities };
  }

  async function refresh(device: Device, refreshToken: string): Promise<StaffLogin | Refused> {
    const rotated = await sessions.refresh(device, refreshToken);
    if ("refused" in rotated) return rotated;
    const session = await sessions.check({ session: rotated.session, organizer: device.organizer, merchant: device.merchant });
    if (session === undefined || session.staff === null) return { refused: "session-expired" };
    const work = [{ merchant: device.merchant, capabilities: session.capabilities }];
    return staffLogin(device, rotated.session, rotated.refreshToken, { ...session.staff, work });
  }

  async function logout(session: Session): Promise<void> {
    if (session.merchant === null || session.device === null) return;
    await sessions.end({ organizerId: session.organizer, merchantId: session.merchant }, session.id, "logged-out");
  }

  /** The event first, then the PIN: one that works is in the audit. Whoever came in with the old one is out. */
  async function setPin(tenant: MerchantTenant, session: Session, { staff, pin }: { readonly staff: string; readonly pin: string }, from: Asked): Promise<Refused | undefined> {
    const refused = await recordPinChange(session, staff, from);
    if (refused !== undefined) return refused;
    await pins.set(tenant, staff, pin);
    if (options.demo) {
      await inTenant(sql, tenant, (tx) => tx`
        insert into demo_pins (merchant_id, staff, organizer_id, pin) values (${tenant.merchantId}, ${staff}, ${tenant.organizerId}, ${pin})
        on conflict (merchant_id, staff) do update set pin = excluded.pin`);
    }
    await sessions.endAllOf(tenant.organizerId, { staff }, "pin-changed");
    return undefined;
  }

  async function recordPinChange(session: Session, staff: string, { traceparent, remoteAddress }: Asked): Promise<Refused | undefined> {
    const definition = commandDefinition("identity.changePin");
    if (definition === undefined) throw new Error("identity.changePin is not a command");
    const execution = await executor.execute(definition, { commandId: newUlid(), input: { staff } }, session, traceparent, hashOf(remoteAddress));
    if (execution.outcome !== "answered") return { refused: "unavailable", reason: execution.outcome };
    return execution.answer.ok ? undefined : execution.answer.refusal;
  }

  /**
   * What a committed event means for sessions. Said at once by the hub that wrote it and again by every hub that hears
   * of it, so that a hub which dies in between leaves nobody logged in.
   */
  async function noticed({ type, subject, tenant }: { type: string; subject: string; tenant: Tenant }): Promise<void> {
    if (type === "identity.staff.disabled") await sessions.endAllOf(tenant.organizerId, { staff: subject }, "staff-disabled");
    if (type === "identity.device.revoked") {
      await devices.revoke(tenant, subject);
      await sessions.endAllOf(tenant.organizerId, { device: subject }, "device-revoked");
    }
  }

  return { authenticate, createPairingCode, pair, people, login, approveInPlace, deviceLogin, refresh, logout, setPin, noticed, staffOf, merchantOf, devices, sessions, tickets };
}

function retryAfter(ms: number): { retryAfterMs?: number } {
  return ms > 0 ? { retryAfterMs: ms } : {};
}
