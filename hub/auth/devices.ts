import { createHmac, randomInt } from "node:crypto";
import type { z } from "zod";
import type { deviceKind } from "#shared/events/identity.ts";
import { inTenant, type Sql, type Tenant } from "#hub/db/client.ts";
import { derivedKey, newToken, tokenHash } from "./secrets.ts";

export type DeviceKind = z.infer<typeof deviceKind>;
export type Device = {
  readonly id: string;
  readonly organizer: string;
  readonly merchant: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly station: string | null;
};
export type NewDevice = { readonly device: string; readonly commandId: string; readonly name: string; readonly kind: DeviceKind; readonly station: string | null };
/** A code that can still be used. `device` and `commandId` were fixed when it was made: pairing can be tried again. */
export type PairingCode = Device & { readonly commandId: string };

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 8;
const CODE_MS = 10 * 60_000;

export type Devices = {
  /** 8 Crockford characters, 40 bits, for one device, for 10 minutes. */
  createCode(tenant: Tenant & { merchantId: string }, device: NewDevice, now: number): Promise<{ code: string; expiresAt: string }>;
  findCode(code: string): Promise<PairingCode | undefined>;
  /** The device's token, once; undefined when another was quicker. */
  pair(code: string): Promise<string | undefined>;
  byToken(token: string): Promise<Device | undefined>;
  revoke(tenant: Tenant, device: string): Promise<void>;
};

type Row = { device: string; organizer_id: string; merchant_id: string; name: string; kind: DeviceKind; station: string | null };

export function createDevices(sql: Sql, secret: string): Devices {
  const key = derivedKey(secret, "pairing-code");
  const codeHash = (code: string): Buffer => createHmac("sha256", key).update(normalised(code)).digest();

  return {
    async createCode(tenant, { device, commandId, name, kind, station }, now) {
      const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
      const expiresAt = new Date(now + CODE_MS).toISOString();
      await inTenant(sql, tenant, (tx) => tx`
        insert into pairing_codes (code_hash, organizer_id, merchant_id, device, command_id, name, kind, station, expires_at)
        values (${codeHash(code)}, ${tenant.organizerId}, ${tenant.merchantId}, ${device}, ${commandId}, ${name}, ${kind}, ${station}, now() + interval '10 minutes')`);
      return { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt };
    },
    async findCode(code) {
      const [row] = await sql<(Row & { command_id: string })[]>`select * from access_pairing_code(${codeHash(code)})`;
      return row === undefined ? undefined : { ...deviceFrom(row), commandId: row.command_id };
    },
    async pair(code) {
      const token = newToken("cdv");
      const [row] = await sql<{ paired: boolean }[]>`select access_pair(${codeHash(code)}, ${tokenHash(token)}) as paired`;
      return row?.paired === true ? token : undefined;
    },
    async byToken(token) {
      const [row] = await sql<Row[]>`select * from access_device(${tokenHash(token)})`;
      return row === undefined ? undefined : deviceFrom(row);
    },
    async revoke(tenant, device) {
      await inTenant(sql, tenant, (tx) => tx`update device_credentials set revoked_at = now() where device = ${device} and revoked_at is null`);
    },
  };
}

function deviceFrom(row: Row): Device {
  return { id: row.device, organizer: row.organizer_id, merchant: row.merchant_id, name: row.name, kind: row.kind, station: row.station };
}

/** As people type it: small letters, spaces, a dash, O for 0, I and L for 1. */
function normalised(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}
