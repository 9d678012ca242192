import type { StaffState } from "#shared/domain/staff/state.ts";
import type { Sql } from "#hub/db/client.ts";
import { beginAttempt, DEVICE_BACK_OFF, failAttempt, forgiveAttempt, PIN_BACK_OFF } from "./attempts.ts";
import type { Pins } from "./pins.ts";

type MerchantTenant = { readonly organizerId: string; readonly merchantId: string };
export type PinRefused = { readonly refused: "wrong-pin" | "too-many-attempts"; readonly retryAfterMs?: number };
export type PinCheck = (tenant: MerchantTenant, device: string, staff: string, pin: string) => Promise<StaffState | PinRefused>;

type Options = { readonly sql: Sql; readonly pins: Pins; staffOf(tenant: MerchantTenant): Promise<readonly StaffState[]> };

/** Whoever knows the PIN of somebody who works here: for coming in and for saying yes over another's screen, with one back-off for both. */
export function createPinCheck({ sql, pins, staffOf }: Options): PinCheck {
  return async (tenant, device, staff, pin) => {
    const deviceKey = `pin:${device}`;
    const personKey = `${deviceKey}:${staff}`;
    const ofDevice = await beginAttempt(sql, deviceKey, DEVICE_BACK_OFF);
    if (ofDevice.waitMs > 0) return { refused: "too-many-attempts", retryAfterMs: ofDevice.waitMs };
    const ofPerson = await beginAttempt(sql, personKey, PIN_BACK_OFF);
    if (ofPerson.waitMs > 0) {
      await forgiveAttempt(sql, deviceKey, "this-one");
      return { refused: "too-many-attempts", retryAfterMs: ofPerson.waitMs };
    }
    const [right, works] = await Promise.all([pins.matches(tenant, staff, pin), staffOf(tenant)]);
    const person = works.find(({ id }) => id === staff);
    if (!right || person === undefined) {
      await Promise.all([failAttempt(sql, personKey), failAttempt(sql, deviceKey)]);
      const nextMs = Math.max(ofDevice.nextMs, ofPerson.nextMs);
      return { refused: "wrong-pin", ...(nextMs > 0 ? { retryAfterMs: nextMs } : {}) };
    }
    await Promise.all([forgiveAttempt(sql, personKey, "all"), forgiveAttempt(sql, deviceKey, "this-one")]);
    return person;
  };
}
