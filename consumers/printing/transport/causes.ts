/** Why a printer does not print, as people are told; the words for it are the client's. */
export type Cause =
  | "cover-open"
  | "paper-out"
  | "cutter-error"
  | "printer-error"
  | "offline"
  /** Nobody listens at the address. */
  | "unreachable"
  /** Connected, and silent. */
  | "no-answer"
  | "link-lost"
  /** Takes no more bytes. */
  | "stalled"
  /** Everything was sent and nothing confirms it. */
  | "not-confirmed"
  | "stopped";

/** The first byte of DLE EOT 1 alone; what is behind it, 2, 3 and 4 tell. */
export function isOffline(printerStatus: number): boolean {
  return (printerStatus & 0x08) !== 0;
}

/** From the answers to DLE EOT 2, 3 and 4 of a printer that is offline. */
export function offlineCause(offline: number, error: number, paper: number): Cause {
  if (offline & 0x04) return "cover-open";
  if (offline & 0x20 || paper & 0x60) return "paper-out";
  if (error & 0x08) return "cutter-error";
  if (offline & 0x40 || error & 0x60) return "printer-error";
  return "offline";
}

/** Null: the printer prints. Paper that is near its end is no trouble yet. */
export function automaticCause([first, second, third]: readonly [number, number, number, number]): Cause | null {
  if (first & 0x20) return "cover-open";
  if ((third & 0x0c) === 0x0c) return "paper-out";
  if (second & 0x08) return "cutter-error";
  if (second & 0x60) return "printer-error";
  return first & 0x08 ? "offline" : null;
}
