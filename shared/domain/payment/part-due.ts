import type { CheckState } from "../check/state.ts";

/** Minor units due on one part of the check; undefined when it has no such part. */
export function partDue(check: CheckState, part: string): bigint | undefined {
  void check;
  void part;
  return undefined;
}
