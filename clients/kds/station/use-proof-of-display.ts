import { useCallback, useRef } from "react";
import type { TicketState } from "#shared/domain/ticket/state.ts";
import { useHub, useSession } from "../../kit/hooks.ts";

const AT_MOST = 100;
/** Tickets of one send arrive one after the other: said together. */
const BATCH_MS = 60;

/** Proof of delivery: says once of each ticket that it has been painted here, so that the waiter sees "on screen". Held ones are not to be made yet and say nothing. */
export function useProofOfDisplay(open: readonly TicketState[]): (painted: readonly string[]) => void {
  const hub = useHub();
  const { author } = useSession();
  const asked = useRef(new Set<string>());
  const batch = useRef<string[]>([]);
  return useCallback(
    (painted) => {
      // Until it is signed in it says nothing; then it is drawn again, for `author` is another one.
      if (author === null) return;
      const fresh = open.filter((ticket) => ticket.shownAt === null && painted.includes(ticket.id) && !asked.current.has(ticket.id)).map((ticket) => ticket.id);
      if (fresh.length === 0) return;
      for (const id of fresh) asked.current.add(id);
      batch.current.push(...fresh);
      if (batch.current.length > fresh.length) return;
      setTimeout(() => {
        const tickets = batch.current.splice(0);
        for (let at = 0; at < tickets.length; at += AT_MOST) {
          const part = tickets.slice(at, at + AT_MOST);
          // Refused only when the session has just ended: said again with the next one.
          void hub.send("ticket.show", { tickets: part }).then((answer) => {
            if (!answer.ok && answer.refusal.refused === "signed-out") for (const id of part) asked.current.delete(id);
          });
        }
      }, BATCH_MS);
    },
    [hub, open, author],
  );
}
