import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { prefixed, type IdKind } from "#shared/ids.ts";

/** All ids of the demo come from this one and a name: a second run finds what the first has made. */
const NAMESPACE = "01K9ZQ0S00C0MANDADEM0SEED0";

export function seedId(kind: IdKind, place: string, name: string): string {
  return prefixed(kind, derivedUlid(NAMESPACE, `${place}/${kind}/${name}`));
}
