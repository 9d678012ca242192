import type { StaffState } from "#shared/domain/staff/state.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { Session } from "#hub/commands/session.ts";
import { inTenant, type Sql, type Tenant, type TransactionSql } from "#hub/db/client.ts";
import type { AccessClaims } from "./access-token.ts";
import type { Device, DeviceKind } from "./devices.ts";
import { derivedKey, newToken, successorOf, tokenHash } from "./secrets.ts";

/** A person's longest shift on a device; after it the PIN is asked for again. */
const STAFF_SESSION = "16 hours";
/** A screen without a person logs in again by itself. */
const DEVICE_SESSION = "24 hours";
/** How long a client may ask again for the answer of a refresh that it did not get. */
const LOST_ANSWER = "60 seconds";
/** What an ended session can still do: no longer than this, on any hub. */
const CHECK_EVERY_MS = 2_000;

export type EndReason = "logged-out" | "refresh-reused" | "staff-disabled" | "pin-changed" | "device-revoked";

type Row = {
  expires_at: Date;
  ended_at: Date | null;
  device: string;
  device_name: string | null;
  device_kind: DeviceKind | null;
  staff: string | null;
  staff_head: StaffState | null;
};
type Checked = { readonly at: number; readonly session: Promise<Session | undefined> };
type Ended = (session: string) => void;

export class Sessions {
  #sql: Sql;
  #now: () => number;
  #onEnded: Ended;
  #refreshKey: Buffer;
  #checked = new Map<string, Checked>();

  /** `onEnded` hears of a session that this hub has ended or found to be over, maybe more than once. */
  constructor(sql: Sql, secret: string, now: () => number, onEnded: Ended) {
    this.#sql = sql;
    this.#refreshKey = derivedKey(secret, "refresh");
    this.#now = now;
    this.#onEnded = onEnded;
  }

  async openForStaff(device: Device, staff: string, id: string): Promise<{ refreshToken: string }> {
    return inTenant(this.#sql, tenantOf(device), async (tx) => {
      await tx`
        insert into sessions (id, organizer_id, merchant_id, device, staff, expires_at)
        values (${id}, ${device.organizer}, ${device.merchant}, ${device.id}, ${staff}, now() + ${STAFF_SESSION}::interval)`;
      return { refreshToken: await this.#keepRefreshToken(tx, id, newToken("crt")) };
    });
  }

  /** The device's own session, the same one as long as it lives, so that its socket outlives its access tokens. */
  async openForDevice(device: Device, id: string): Promise<string> {
    return inTenant(this.#sql, tenantOf(device), async (tx) => {
      const [open] = await tx<{ id: string }[]>`
        update sessions set expires_at = now() + ${DEVICE_SESSION}::interval
        where device = ${device.id} and staff is null and ended_at is null and expires_at > now() returning id`;
      if (open !== undefined) return open.id;
      await tx`
        insert into sessions (id, organizer_id, merchant_id, device, expires_at)
        values (${id}, ${device.organizer}, ${device.merchant}, ${device.id}, now() + ${DEVICE_SESSION}::interval)`;
      return id;
    });
  }

  /**
   * Rotates: a refresh token is good for one use, and a second use ends the session for whoever holds it. But an answer
   * may be lost on the way: within a minute, and while its successor is unused, the same token gets the same successor.
   */
  async refresh(device: Device, token: string): Promise<{ session: string; refreshToken: string } | { refused: "unknown-token" | "session-expired" | "refresh-reused" }> {
    const next = successorOf(token, this.#refreshKey);
    const rotated = await inTenant(this.#sql, tenantOf(device), async (tx) => {
      const [found] = await tx<{ session: string; used: boolean; again: boolean; expired: boolean }[]>`
        select t.session, t.used_at is not null as used, t.expires_at <= now() as expired,
               t.used_at > now() - ${LOST_ANSWER}::interval and exists (select from refresh_tokens n where n.token_hash = ${tokenHash(next)} and n.used_at is null) as again
        from refresh_tokens t where t.token_hash = ${tokenHash(token)} and t.device = ${device.id} for update`;
      if (found === undefined) return { refused: "unknown-token" as const };
      if (found.used && !found.again) return { refused: "refresh-reused" as const, session: found.session };
      if (found.expired) return { refused: "session-expired" as const };
      if (!found.used) {
        await tx`update refresh_tokens set used_at = now() where token_hash = ${tokenHash(token)}`;
        await this.#keepRefreshToken(tx, found.session, next);
      }
      return { session: found.session, refreshToken: next };
    });
    if (!("refused" in rotated)) return rotated;
    if (rotated.refused === "refresh-reused") await this.end(tenantOf(device), rotated.session, "refresh-reused");
    return { refused: rotated.refused };
  }

  /** Undefined when it is over. Looked up again after 2 s: people are disabled and devices revoked at any time. */
  async check(claims: AccessClaims): Promise<Session | undefined> {
    const known = this.#checked.get(claims.session);
    if (known !== undefined && this.#now() - known.at < CHECK_EVERY_MS) return known.session;
    const session = this.#load(claims);
    this.#checked.set(claims.session, { at: this.#now(), session });
    session.catch(() => this.#checked.delete(claims.session));
    return session;
  }

  async end(tenant: Tenant, session: string, reason: EndReason): Promise<void> {
    await inTenant(this.#sql, tenant, (tx) => tx`update sessions set ended_at = clock_timestamp(), end_reason = ${reason} where id = ${session} and ended_at is null`);
    this.forget(session);
  }

  /** Every session of a person or of a device, at all merchants of the organizer. */
  async endAllOf(organizer: string, whose: { staff: string } | { device: string }, reason: EndReason): Promise<void> {
    const staff = "staff" in whose ? whose.staff : null;
    const device = "device" in whose ? whose.device : null;
    const rows = await this.#sql<{ access_end_sessions: string }[]>`select access_end_sessions(${organizer}, ${staff}, ${device}, ${reason})`;
    for (const { access_end_sessions: id } of rows) this.forget(id);
  }

  /** Sessions that other hubs have ended since; answers the time to ask from next. */
  async sweep(since: Date): Promise<Date> {
    const rows = await this.#sql<{ id: string; at: Date }[]>`select id, at from access_ended_since(${since})`;
    for (const { id } of rows) this.forget(id);
    return rows.at(-1)?.at ?? since;
  }

  forget(session: string): void {
    this.#checked.set(session, { at: this.#now(), session: Promise.resolve(undefined) });
    this.#onEnded(session);
  }

  /** What is remembered of sessions that nobody asks about. */
  prune(): void {
    const oldest = this.#now() - 60_000;
    for (const [id, { at }] of this.#checked) if (at < oldest) this.#checked.delete(id);
  }

  async #keepRefreshToken(tx: TransactionSql, session: string, token: string): Promise<string> {
    await tx`
      insert into refresh_tokens (token_hash, organizer_id, merchant_id, session, device, expires_at)
      select ${tokenHash(token)}, organizer_id, merchant_id, id, device, expires_at from sessions where id = ${session}`;
    return token;
  }

  async #load(claims: AccessClaims): Promise<Session | undefined> {
    const [row] = await this.#sql<Row[]>`select * from load_session(${claims.organizer}, ${claims.merchant}, ${claims.session})`;
    if (row === undefined || row.ended_at !== null || row.expires_at.getTime() <= this.#now()) return this.#over(claims);
    if (row.device_kind === null || row.device_name === null) return this.#over(claims);
    const about = { id: claims.session, organizer: claims.organizer, merchant: claims.merchant, device: row.device, deviceName: row.device_name, expiresAt: row.expires_at.getTime() };
    if (row.staff === null) return { ...about, staff: null, capabilities: deviceCapabilities(row.device_kind) };
    if (row.staff_head === null || row.staff_head.disabled) return this.#over(claims);
    const { name, color } = row.staff_head;
    return { ...about, staff: { id: row.staff, name, color }, capabilities: capabilitiesAt(row.staff_head, claims.merchant) };
  }

  #over(claims: AccessClaims): undefined {
    this.#onEnded(claims.session);
    return undefined;
  }
}

/** What a screen may do without a person. */
export function deviceCapabilities(kind: DeviceKind): readonly Capability[] {
  return kind === "kds" ? ["kitchen.work"] : [];
}

export function capabilitiesAt(staff: Pick<StaffState, "work">, merchant: string): readonly Capability[] {
  return staff.work.find((work) => work.merchant === merchant)?.capabilities ?? [];
}

export function tenantOf(device: Device): { organizerId: string; merchantId: string } {
  return { organizerId: device.organizer, merchantId: device.merchant };
}
