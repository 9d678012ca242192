import { createHmac } from "node:crypto";
import { derivedKey } from "./secrets.ts";

const REMEMBERED = 10_000;

/** An address under the installation's secret: who knows it can tell whether two are the same, and nobody can tell which one it was. */
export function addressHash(secret: string): (address: string) => string {
  const key = derivedKey(secret, "address");
  const known = new Map<string, string>();
  return (address) => {
    const found = known.get(address);
    if (found !== undefined) return found;
    if (known.size >= REMEMBERED) known.clear();
    const hash = createHmac("sha256", key).update(address).digest("base64url").slice(0, 22);
    known.set(address, hash);
    return hash;
  };
}
