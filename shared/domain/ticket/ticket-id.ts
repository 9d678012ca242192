import { prefixed } from "#shared/ids.ts";
import { sha256 } from "../approval/sha256.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What tells the tickets of one send apart. */
export type TicketPart = { readonly station: string; readonly course: number; readonly fired: boolean; readonly mark: "NEW" | "ADD"; readonly serviceType: string };

export function ticketPart({ station, course, fired, mark, serviceType }: TicketPart): string {
  return `${station}:${course}:${fired ? "fired" : "held"}:${mark}:${serviceType}`;
}

/**
 * The id of a send's ticket follows from the event that sent it: the kitchen makes the same one at every delivery (LOG-4), and whoever voids an item finds
 * its tickets without a list of them. `sent`: the event's id (`evt_…`).
 */
export function ticketIdOf(sent: string, part: string): string {
  const ulid = sent.slice(sent.indexOf("_") + 1);
  const hash = sha256(`${ulid}\nticket ${part}`);
  let derived = ulid.slice(0, 10);
  for (let i = 0; i < 16; i++) derived += ALPHABET[Number.parseInt(hash.slice(i * 2, i * 2 + 2), 16) & 31];
  return prefixed("ticket", derived);
}
