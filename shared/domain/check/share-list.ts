import type { Share } from "#shared/events/sale-check.ts";
import type { Context } from "../command.ts";
import { notes } from "../noted.ts";

type Shares = Readonly<Record<string, Share>>;

const lists = notes<Shares, readonly Share[]>();

/** The shares in their order, made once: a large bill's own record of them is walked through ten times in one operation. */
export function shareList(shares: Shares): readonly Share[] {
  const known = lists.of(shares);
  if (known) return known;
  const list: Share[] = [];
  for (const id in shares) {
    const share = shares[id];
    if (share) list.push(share);
  }
  return lists.note(shares, list);
}

/** Whoever writes shares in place must not do it to these: somebody has their list. */
export function areListed(shares: Shares): boolean {
  return lists.of(shares) !== undefined;
}

/**
 * To be filled. A literal gets a hidden class of its own for each of the first ids, which nobody had before and nobody has again: ten times the time, and
 * garbage that only a full collection takes away. Made like this, a record is a dictionary from its first id on.
 */
function noShares(): Record<string, Share> {
  return Object.setPrototypeOf(Object.create(null), Object.prototype) as Record<string, Share>;
}

export function sharesOfList(list: readonly Share[]): Record<string, Share> {
  const shares = noShares();
  for (const share of list) shares[share.share] = share;
  return shares;
}

/** To be written in place. With two hundred shares several times as quick as spreading them. */
export function copyOfShares(shares: Shares, without?: ReadonlySet<string>): Record<string, Share> {
  const copy = noShares();
  for (const share of shareList(shares)) if (without?.has(share.share) !== true) copy[share.share] = share;
  return copy;
}

/** For a share that is new among these. Its id follows from the command's, which its sender made up: one that is there is passed over. */
export function newShareId(shares: Shares, context: Pick<Context, "newId">): string {
  for (;;) {
    const id = context.newId("share");
    if (!Object.hasOwn(shares, id)) return id;
  }
}
