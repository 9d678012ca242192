import type { TransactionSql } from "#hub/db/client.ts";
import type { Drafted } from "#hub/log/drafts.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import { stateFrom, type Known } from "#hub/log/states.ts";
import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";

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
    const loaded = await loadCurrent(this.#sql, wanted);
    for (const [i, state] of loaded.entries()) {
      const ref = wanted[i];
      if (ref) this.#known.set(ref.stream, stateFrom(ref.kind, state));
    }
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
