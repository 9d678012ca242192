import { createHmac } from "node:crypto";
import type { Sql } from "./client.ts";

export const HUB_ROLE = "comanda_hub";
export const CONSUMER_ROLE = "comanda_consumer";
const OWNER_ROLE = "comanda_owner";
const LOG_ROLE = "comanda_log";

export type RolePasswords = { readonly hub: string; readonly consumer: string };

/** Derived, so that every process of an installation finds them from the one secret it is given. */
export function rolePasswords(secret: string): RolePasswords {
  return { hub: derived(secret, HUB_ROLE), consumer: derived(secret, CONSUMER_ROLE) };
}

/** The application's addresses of the database that `adminUrl` names. */
export function roleUrls(adminUrl: string, secret: string): { hubUrl: string; consumerUrl: string } {
  const passwords = rolePasswords(secret);
  return {
    hubUrl: withLogin(adminUrl, HUB_ROLE, passwords.hub),
    consumerUrl: withLogin(adminUrl, CONSUMER_ROLE, passwords.consumer),
  };
}

/**
 * Roles belong to the whole cluster, where no advisory lock reaches (those are per database): so every step can be
 * run by several starters at once, and the loser of a race tries again.
 */
export async function ensureRoles(sql: Sql, passwords: RolePasswords | undefined): Promise<void> {
  await againWhenRaced(async () => {
    for (const role of [OWNER_ROLE, LOG_ROLE]) await createRole(sql, role, "nologin");
    for (const role of [HUB_ROLE, CONSUMER_ROLE]) await createRole(sql, role, "login");
    for (const role of [OWNER_ROLE, LOG_ROLE]) await lendToAdmin(sql, role);
  });
  if (passwords === undefined) return;
  await againWhenRaced(async () => {
    await setPassword(sql, HUB_ROLE, passwords.hub);
    await setPassword(sql, CONSUMER_ROLE, passwords.consumer);
  });
}

async function createRole(sql: Sql, role: string, login: "login" | "nologin"): Promise<void> {
  await sql.unsafe(`do $$ begin
    if not exists (select from pg_roles where rolname = '${role}') then create role ${role} ${login}; end if;
  end $$`);
}

/** A migration runs as the owner by `set role`, which an administrator who is no superuser may only do as a member. */
async function lendToAdmin(sql: Sql, role: string): Promise<void> {
  await sql.unsafe(`do $$ begin
    if not pg_has_role(session_user, '${role}', 'SET') then execute format('grant ${role} to %I', session_user); end if;
  end $$`);
}

async function setPassword(sql: Sql, role: string, password: string): Promise<void> {
  await sql.unsafe(`alter role ${role} password '${password.replaceAll("'", "''")}'`);
}

const RACED = new Set(["42710", "23505", "XX000", "40001"]);

async function againWhenRaced(step: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!RACED.has(code) || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 40));
    }
  }
}

function derived(secret: string, role: string): string {
  return createHmac("sha256", secret).update(`comanda/postgres/${role}`).digest("base64url");
}

function withLogin(adminUrl: string, user: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = user;
  url.password = password;
  return url.toString();
}
