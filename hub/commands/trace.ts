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

/** A ULID's 128 bits in hexadecimal: eight of them in its first two characters, and twenty, which are five digits, in each four of the others. */
export function traceIdOf(ulid: string): string {
  let text = hexadecimal(ulid, 0, 2, 2);
  for (let at = 2; at < 26; at += 4) text += hexadecimal(ulid, at, at + 4, 5);
  return text;
}

function hexadecimal(ulid: string, from: number, to: number, digits: number): string {
  let bits = 0;
  for (let at = from; at < to; at++) bits = bits * 32 + ALPHABET.indexOf(ulid.charAt(at));
  return bits.toString(16).padStart(digits, "0");
}
