import type { Capability } from "#shared/events/identity.ts";

/** Who asks, as the door has established it. Nothing in it comes from the request's body. */
export type Session = {
  /** Ends with logging out, revocation, or disabling; its sockets end with it. */
  readonly id: string;
  readonly organizer: string;
  /** Null only for an operator who sets up an organizer. */
  readonly merchant: string | null;
  readonly device: string | null;
  readonly deviceName: string | null;
  readonly staff: { readonly id: string; readonly name: string; readonly color: string } | null;
  readonly capabilities: readonly Capability[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
};

/** The envelope's `actor`. */
export function actorOf(session: Session): string {
  if (session.staff !== null) return `staff:${session.staff.id}`;
  return session.device === null ? "system" : `device:${session.device}`;
}
