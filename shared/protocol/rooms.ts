/**
 * RT-1: what a socket observes. A merchant's room carries the events of the merchant's streams, an organizer's room
 * those of the organizer's own (staff, catalogue of the chain), never those of its merchants.
 */
export type Room = `wr:observation/merchants/${string}` | `wr:observation/organizers/${string}`;

export function merchantRoom(merchantId: string): Room {
  return `wr:observation/merchants/${merchantId}`;
}

export function organizerRoom(organizerId: string): Room {
  return `wr:observation/organizers/${organizerId}`;
}
