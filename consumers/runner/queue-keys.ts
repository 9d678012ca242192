import { clusterOf } from "#hub/log/redis-address.ts";

/** In a Redis cluster the braces put all keys of BullMQ into one slot, as its scripts need them. */
export function queueKeys(redisUrl: string): { readonly prefix?: string } {
  return clusterOf(redisUrl) === undefined ? {} : { prefix: "{comanda}" };
}
