export type Trouble = "none" | "cover-open" | "paper-out";

/** DLE EOT n: one byte, bits 1 and 4 always set. */
export function realTimeAnswer(n: number, trouble: Trouble): Uint8Array {
  const offline = trouble !== "none";
  if (n === 1) return Uint8Array.of(0x12 | (offline ? 0x08 : 0));
  if (n === 2) return Uint8Array.of(0x12 | (trouble === "cover-open" ? 0x04 : 0) | (trouble === "paper-out" ? 0x20 : 0));
  if (n === 4) return Uint8Array.of(0x12 | (trouble === "paper-out" ? 0x6c : 0));
  return Uint8Array.of(0x12);
}

/** ASB: four bytes, told on every change. */
export function automaticStatus(trouble: Trouble): Uint8Array {
  const first = 0x10 | (trouble !== "none" ? 0x08 : 0) | (trouble === "cover-open" ? 0x20 : 0);
  return Uint8Array.of(first, 0x00, trouble === "paper-out" ? 0x0c : 0x00, 0x00);
}
