import { prefixed, ulidsAfter, type IdKind } from "#shared/ids.ts";

/**
 * Ids for one decision of one command. Those of shares follow from the command's own, the same on a tablet and in the hub: what was assumed is what comes, and
 * nothing of it is drawn a second time. All others are as `newId` makes them, since nobody may choose the name of a stream by choosing a command's.
 */
export function idsOfCommand(commandId: string, newId: (kind: IdKind) => string): (kind: IdKind) => string {
  const next = ulidsAfter(commandId);
  return (kind) => (kind === "share" ? prefixed("share", next()) : newId(kind));
}
