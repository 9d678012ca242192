import { hash, verify } from "@node-rs/argon2";
import { inTenant, type Sql, type Tenant } from "#hub/db/client.ts";
import { derivedKey } from "./secrets.ts";

/** argon2id, 19 MiB and 2 passes (OWASP); the installation's key is mixed in, since four digits are no secret by themselves. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export type Pins = {
  set(tenant: Tenant, staff: string, pin: string): Promise<void>;
  matches(tenant: Tenant, staff: string, pin: string): Promise<boolean>;
};

export function createPins(sql: Sql, secret: string): Pins {
  const options = { ...COST, secret: derivedKey(secret, "pin") };
  /** Somebody without a PIN takes as long to refuse as somebody with one. */
  const nobody = hash("no PIN", options);
  nobody.catch(() => {});

  return {
    async set(tenant, staff, pin) {
      const pinHash = await hash(pin, options);
      await inTenant(sql, tenant, (tx) => tx`
        insert into staff_pins (staff, organizer_id, pin_hash) values (${staff}, ${tenant.organizerId}, ${pinHash})
        on conflict (staff) do update set pin_hash = excluded.pin_hash, changed_at = now()`);
    },
    async matches(tenant, staff, pin) {
      const [row] = await inTenant(sql, tenant, (tx) => tx<{ pin_hash: string }[]>`select pin_hash from staff_pins where staff = ${staff}`);
      const right = await verify(row?.pin_hash ?? (await nobody), pin, options);
      return right && row !== undefined;
    },
  };
}
