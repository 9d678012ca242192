import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "#hub/db/client.ts";
import { migrate } from "#hub/db/migrate.ts";
import { canInstall, installPackages } from "../start/debian.ts";
import { cannotStart } from "../start/report.ts";
import { runTool, tail } from "../start/tool.ts";
import { ITEMS_PER_ORDER } from "./waiter.ts";

/** Sizes in characters of what the hub wrote, so that pgbench writes rows as wide. */
export type RowSizes = { readonly envelope: number; readonly orderHead: number; readonly checkHead: number; readonly part: number; readonly answer: number };

export async function requirePgbench(): Promise<string> {
  const found = () => ["pgbench", "/usr/lib/postgresql/15/bin/pgbench"].find((path) => spawnSync(path, ["--version"]).status === 0);
  if (found() === undefined && canInstall()) await installPackages(["postgresql-15"]);
  const path = found();
  if (path === undefined) throw cannotStart("pgbench is not on this machine: install Postgres's client programs (Debian: sudo apt-get install postgresql-15).");
  return path;
}

export async function rowSizes(adminUrl: string): Promise<RowSizes> {
  const sql = connect(adminUrl, { max: 1, statementTimeoutMs: 60_000 });
  try {
    const [row] = await sql<RowSizes[]>`
      select (select round(avg(length(envelope)))::int from events where type in ('sale.order.itemsAdded', 'sale.check.updated')) as "envelope",
             (select round(avg(length(head::text)))::int from aggregates where kind = 'order') as "orderHead",
             (select round(avg(length(head::text)))::int from aggregates where kind = 'check') as "checkHead",
             (select round(avg(length(doc::text)))::int from aggregate_parts) as "part",
             (select round(avg(length(answer)))::int from commands) as "answer"`;
    if (row === undefined) throw new Error("the hub wrote nothing to measure");
    return row;
  } finally {
    await sql.end();
  }
}

/**
 * The peer: one transaction of three statements a command, which writes the rows that the hub writes for the same tap
 * (command; two events; two states and two parts; at every 21st tap one event and 20 parts), without deciding anything,
 * without locks, gapless positions, idempotency or row-level security. On the same Postgres, in a database of its own.
 */
export class Pgbench {
  readonly #path: string;
  readonly #url: string;
  readonly #dir: string;

  private constructor(path: string, url: string, dir: string) {
    this.#path = path;
    this.#url = url;
    this.#dir = dir;
  }

  static async prepare(path: string, adminUrl: string, dir: string, sizes: RowSizes): Promise<Pgbench> {
    const sql = connect(adminUrl, { max: 1, statementTimeoutMs: 60_000 });
    await sql`drop database if exists pgbench_peer with (force)`;
    await sql`create database pgbench_peer`;
    await sql.end();
    const url = new URL(adminUrl);
    url.pathname = "/pgbench_peer";
    await migrate(url.toString());
    const peer = connect(url.toString(), { max: 1 });
    await peer.unsafe("create sequence peer_position cache 100; create sequence peer_command cache 100; create sequence peer_run");
    const [month] = await peer<{ prefix: string }[]>`select ulid_floor(now()) as prefix`;
    await peer.end();
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "add.sql"), addScript(sizes, month?.prefix ?? ""));
    return new Pgbench(path, url.toString(), dir);
  }

  /** Transactions a second at so many clients. */
  async run(clients: number, seconds: number): Promise<number> {
    const sql = connect(this.#url, { max: 1 });
    const [{ run } = { run: 0n }] = await sql<{ run: bigint }[]>`select nextval('peer_run') as run`;
    await sql.end();
    const result = await runTool(this.#path, ["-n", "-M", "prepared", "-c", String(clients), "-j", "2", "-T", String(seconds), "-D", "tap=0", "-D", `run=${run}`, "-f", join(this.#dir, "add.sql"), this.#url]);
    const tps = /tps = ([\d.]+)/.exec(result.output)?.[1];
    if (result.status !== 0 || tps === undefined || /aborted/.test(result.output)) throw new Error(`pgbench failed:\n${tail(result.output)}`);
    return Number(tps);
  }
}

function addScript(sizes: RowSizes, month: string): string {
  const taps = ITEMS_PER_ORDER + 1;
  const text = (length: number) => `'${"x".repeat(Math.max(1, length))}'`;
  const json = (length: number) => `'{"pad":"${"x".repeat(Math.max(1, length - 10))}"}'`;
  const columns = "shard, position, id, organizer_id, merchant_id, owner_id, stream, stream_version, type, command_id, recorded_at, envelope";
  const event = (stream: string, type: string) =>
    `(:client_id::int % 16, nextval('peer_position'), 'evt_' || lastval(), 'org', 'mer', 'mer', ${stream}, :version::bigint, '${type}', :id::text, now(), ${text(sizes.envelope)})`;
  const order = "'ord_' || :run::text || '_' || :client_id::text || '_' || :order::text";
  const check = "'chk_' || :run::text || '_' || :client_id::text || '_' || :order::text";
  const state = (stream: string, kind: string, size: number) => `(${stream}, '${kind}', 'org', 'mer', 'mer', :version::bigint, 1, true, ${json(size)})`;
  const upsert = "on conflict (stream) do update set version = excluded.version, head = excluded.head";
  return `\\set order :tap / ${taps}
\\set nth :tap % ${taps}
\\set version :nth + 1
\\set tap :tap + 1
begin;
insert into commands (command_id, hash, organizer_id, merchant_id, owner_id, shard, recorded_at, answer) values ('${month}' || lpad(nextval('peer_command')::text, 16, '0'), md5('x') || md5('y'), 'org', 'mer', 'mer', 0, now(), ${text(sizes.answer)}) returning command_id as id \\gset
\\if :nth < ${ITEMS_PER_ORDER}
insert into events (${columns}) values ${event(order, "sale.order.itemsAdded")}, ${event(check, "sale.check.updated")};
with states as (insert into aggregates (stream, kind, organizer_id, merchant_id, owner_id, version, evolve_version, active, head) values ${state(order, "order", sizes.orderHead)}, ${state(check, "check", sizes.checkHead)} ${upsert}) insert into aggregate_parts (stream, part, organizer_id, merchant_id, doc) values (${order}, :nth::text, 'org', 'mer', ${json(sizes.part)}), (${check}, :nth::text, 'org', 'mer', ${json(sizes.part)});
\\else
insert into events (${columns}) values ${event(order, "sale.order.sent")};
with states as (insert into aggregates (stream, kind, organizer_id, merchant_id, owner_id, version, evolve_version, active, head) values ${state(order, "order", sizes.orderHead)} ${upsert}) update aggregate_parts set doc = ${json(sizes.part)} where stream = ${order};
\\endif
commit;
`;
}
