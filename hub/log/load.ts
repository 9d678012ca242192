import type { Sql, Tenant, TransactionSql } from "#hub/db/client.ts";
import type { LoadedState } from "./types.ts";

export type StreamRef = { readonly stream: string; readonly kind: string };

type Row = { stream: string; part: string | null; kind: string | null; version: bigint | null; evolve_version: number | null; doc: unknown };

/**
 * States by one statement, so that head and parts are of one moment; a stream that is missing or foreign has version 0.
 * Without a tenant the transaction's own is kept.
 */
export async function loadStates(sql: Sql | TransactionSql, refs: readonly StreamRef[], tenant?: Tenant): Promise<LoadedState[]> {
  const streams = [...new Set(refs.map(({ stream }) => stream))];
  const rows = await sql<Row[]>`select * from load_states(${tenant?.organizerId ?? null}, ${tenant?.merchantId ?? null}, ${streams})`;
  const found = fold(rows);
  return refs.map((ref) => found.get(ref.stream) ?? missing(ref));
}

/** What a snapshot shows (RT-2): active states of the tenant's merchant, of some kinds. */
export async function loadActive(tx: TransactionSql, merchantId: string, kinds: readonly string[]): Promise<LoadedState[]> {
  const rows = await tx<Row[]>`
    with chosen as materialized (
      select stream, kind, version, evolve_version, head from aggregates
      where merchant_id = ${merchantId} and active and kind = any(${[...kinds]})
    )
    select stream, null as part, kind, version, evolve_version, head as doc from chosen
    union all
    select p.stream, p.part, null, null, null, p.doc from chosen c join aggregate_parts p on p.stream = c.stream
    order by stream, part nulls first`;
  return [...fold(rows).values()];
}

export type StateLoader = (refs: readonly StreamRef[], tenant: Tenant) => Promise<LoadedState[]>;

type Request = { readonly refs: readonly StreamRef[]; readonly resolve: (states: LoadedState[]) => void; readonly reject: (error: unknown) => void };

/** LOG-5: while a tenant's load is under way, what else is asked for it becomes one next load. */
export function createStateLoader(sql: Sql): StateLoader {
  const waiting = new Map<string, { readonly tenant: Tenant; requests: Request[] }>();

  return (refs, tenant) =>
    new Promise((resolve, reject) => {
      const key = `${tenant.organizerId} ${tenant.merchantId ?? ""}`;
      const lane = waiting.get(key);
      if (lane !== undefined) {
        lane.requests.push({ refs, resolve, reject });
        return;
      }
      waiting.set(key, { tenant, requests: [{ refs, resolve, reject }] });
      void Promise.resolve().then(() => run(key));
    });

  async function run(key: string): Promise<void> {
    const lane = waiting.get(key);
    while (lane !== undefined && lane.requests.length > 0) {
      const requests = lane.requests;
      lane.requests = [];
      await serve(lane.tenant, requests);
    }
    waiting.delete(key);
  }

  async function serve(tenant: Tenant, requests: readonly Request[]): Promise<void> {
    try {
      const refs = requests.flatMap((request) => request.refs);
      const states = await loadStates(sql, refs, tenant);
      let at = 0;
      for (const request of requests) {
        request.resolve(states.slice(at, at + request.refs.length));
        at += request.refs.length;
      }
    } catch (error) {
      for (const request of requests) request.reject(error);
    }
  }
}

function fold(rows: readonly Row[]): Map<string, LoadedState> {
  const states = new Map<string, LoadedState & { parts: Map<string, unknown> }>();
  for (const { stream, part, kind, version, evolve_version, doc } of rows) {
    if (part === null) {
      states.set(stream, {
        stream,
        kind: kind ?? "",
        version: Number(version ?? 0n),
        evolveVersion: evolve_version ?? 0,
        head: doc,
        parts: new Map(),
      });
    } else {
      states.get(stream)?.parts.set(part, doc);
    }
  }
  return states;
}

function missing({ stream, kind }: StreamRef): LoadedState {
  return { stream, kind, version: 0, evolveVersion: 0, head: null, parts: new Map() };
}
