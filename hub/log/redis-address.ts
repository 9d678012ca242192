export type RedisNode = { readonly host: string; readonly port: number };

/** Some nodes of a cluster, which know the others, and how they are entered. */
export type ClusterAddress = {
  readonly nodes: readonly RedisNode[];
  readonly access: { readonly username?: string; readonly password?: string; readonly tls?: object };
};

const CLUSTER = /^redis(s?)-cluster:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/@?#]+)\/?$/;
const NODE = /^(\[[0-9a-f:]+\]|[^:[\]\s]+):(\d{1,5})$/i;

/** `redis-cluster://[user:password@]host:port,host:port` (`rediss-cluster` with TLS); undefined for anything else. */
export function clusterOf(url: string): ClusterAddress | undefined {
  const [, tls, username, password, list] = CLUSTER.exec(url) ?? [];
  if (list === undefined) return undefined;
  const nodes = list.split(",").flatMap((text) => {
    const [, host = "", port = ""] = NODE.exec(text) ?? [];
    return host === "" || Number(port) > 65_535 ? [] : [{ host: host.replaceAll(/[[\]]/g, ""), port: Number(port) }];
  });
  if (nodes.length < list.split(",").length) return undefined;
  const access = { ...given("username", username), ...given("password", password), ...(tls === "s" ? { tls: {} } : {}) };
  return { nodes, access };
}

function given(name: string, value: string | undefined): object {
  return value === undefined || value === "" ? {} : { [name]: decodeURIComponent(value) };
}

/** One Redis or a cluster. */
export function isRedisUrl(value: string): boolean {
  if (/^redis(s?)-cluster:/.test(value)) return clusterOf(value) !== undefined;
  return URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol);
}
