import type { Sql } from "#hub/db/client.ts";

/** The first `free - 1` failures cost nothing; then the wait doubles from `baseMs` to `mostMs`. */
export type BackOff = { readonly free: number; readonly baseMs: number; readonly mostMs: number };

/** Per (device, person): nobody can lock a colleague out from another device. */
export const PIN_BACK_OFF: BackOff = { free: 3, baseMs: 2_000, mostMs: 300_000 };
/** Per device, whoever is tried on it. */
export const DEVICE_BACK_OFF: BackOff = { free: 12, baseMs: 5_000, mostMs: 300_000 };
/** Per client address: a code has 40 bits and lives 10 minutes. */
export const PAIRING_BACK_OFF: BackOff = { free: 8, baseMs: 5_000, mostMs: 600_000 };

export type Attempt = { readonly waitMs: number; readonly nextMs: number };

/** Counts the attempt before it is looked at. With `waitMs` above zero it must not be looked at. */
export async function beginAttempt(sql: Sql, key: string, backOff: BackOff): Promise<Attempt> {
  const [row] = await sql<{ wait_ms: bigint; next_ms: bigint }[]>`select * from access_attempt(${key}, ${backOff.free}, ${backOff.baseMs}, ${backOff.mostMs})`;
  if (row === undefined) throw new Error("access_attempt answered nothing");
  return { waitMs: Number(row.wait_ms), nextMs: Number(row.next_ms) };
}

/** The attempt was wrong: the hour after which failures are forgotten begins anew. */
export async function failAttempt(sql: Sql, key: string): Promise<void> {
  await sql`select access_failed(${key})`;
}

/** `all`: every earlier failure is forgotten; `this-one`: they still count. */
export async function forgiveAttempt(sql: Sql, key: string, what: "all" | "this-one"): Promise<void> {
  await sql`select access_forgive(${key}, ${what === "all"})`;
}
