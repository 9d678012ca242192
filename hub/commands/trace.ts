const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * W3C Trace Context: the caller's if it is one. Else the trace is the command's id, which has as many bits: so it begins at the tap, where the
 * id is made, and a tap that is sent again is the same trace.
 */
export function traceparentFrom(given: string | undefined, commandId: string): string {
  if (given !== undefined && TRACEPARENT.test(given)) return given;
  const trace = traceIdOf(commandId);
  const span = trace.slice(16);
  return `00-${trace}-${span === "0000000000000000" ? "0000000000000001" : span}-01`;
}

/** A ULID's 128 bits in hexadecimal. */
export function traceIdOf(ulid: string): string {
  let bits = 0n;
  for (const character of ulid) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  return bits.toString(16).padStart(32, "0");
}
