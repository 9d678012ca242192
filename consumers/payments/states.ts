import type { TransactionSql } from "#hub/db/client.ts";
import type { Drafted } from "#hub/log/drafts.ts";
import { loadStates } from "#hub/log/load.ts";
import { readStream } from "#hub/log/read.ts";
import { aggregateOf, stateFrom, type Known } from "#hub/log/states.ts";
import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";

const UNKNOWN: Known = { version: 0, state: undefined };
type Ref = { readonly stream: string; readonly kind: AggregateKind };

/** States as the log has them, moved on as decisions are drafted: the next one is made on what the last one left. */
export class PaymentStates {
  readonly #known = new Map<string, Known>();
  readonly #sql: TransactionSql;

  constructor(sql: TransactionSql) {
    this.#sql = sql;
  }

  async load(refs: readonly Ref[]): Promise<void> {
    const wanted = refs.filter(({ stream }) => !this.#known.has(stream));
    if (wanted.length === 0) return;
    const loaded = await loadStates(this.#sql, wanted);
    for (const [i, state] of loaded.entries()) {
      const ref = wanted[i];
      if (!ref) continue;
      const known = stateFrom(ref.kind, state);
      this.#known.set(ref.stream, known.stale === true ? { ...known, state: await this.#folded(ref) } : known);
    }
  }

  /** LOG-5: stored by another fold than ours. */
  async #folded({ stream, kind }: Ref): Promise<StateOf[AggregateKind] | undefined> {
    let state: StateOf[AggregateKind] | undefined;
    for (const event of await readStream(this.#sql, stream)) state = aggregateOf(kind).evolve(state, JSON.parse(event.text) as EventEnvelope);
    return state;
  }

  known(stream: string): Known {
    return this.#known.get(stream) ?? UNKNOWN;
  }

  get<K extends AggregateKind>(_: K, stream: string): StateOf[K] | undefined {
    return this.known(stream).state as StateOf[K] | undefined;
  }

  apply(drafted: readonly Drafted[]): void {
    for (const { change, after } of drafted) if (after !== undefined) this.#known.set(change.stream, after);
  }
}
