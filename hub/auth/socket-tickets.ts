import type { Session } from "#hub/commands/session.ts";
import { inTenant, type Sql } from "#hub/db/client.ts";
import { newToken, tokenHash } from "./secrets.ts";
import type { Sessions } from "./sessions.ts";

export type SocketTickets = {
  /** Single use, 30 s. */
  issue(session: Session & { merchant: string }): Promise<string>;
  /** The session it stands for, once; undefined for a ticket that is unknown, used, late, or of a session that is over. */
  redeem(ticket: string): Promise<Session | undefined>;
};

/** In Postgres, so that a socket may open at another hub than the one that gave the ticket. */
export function createSocketTickets(sql: Sql, sessions: Sessions): SocketTickets {
  return {
    async issue(session) {
      const ticket = newToken("cst");
      const tenant = { organizerId: session.organizer, merchantId: session.merchant };
      await inTenant(sql, tenant, (tx) => tx`
        insert into socket_tickets (ticket_hash, organizer_id, merchant_id, session, expires_at)
        values (${tokenHash(ticket)}, ${tenant.organizerId}, ${tenant.merchantId}, ${session.id}, now() + interval '30 seconds')`);
      return ticket;
    },
    async redeem(ticket) {
      const [row] = await sql<{ session: string; organizer_id: string; merchant_id: string }[]>`select * from access_take_ticket(${tokenHash(ticket)})`;
      if (row === undefined) return undefined;
      return sessions.check({ session: row.session, organizer: row.organizer_id, merchant: row.merchant_id });
    },
  };
}
