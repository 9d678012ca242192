import type { AggregateKind, Ref } from "#shared/domain/aggregate.ts";
import { openBusinessDate } from "#shared/domain/business-date.ts";
import type { CommandDefinition, Context, Reader } from "#shared/domain/command.ts";
import { idsOfCommand } from "#shared/domain/ids-of-command.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { IdKind } from "#shared/ids.ts";
import type { Tenant } from "#hub/db/client.ts";
import { businessDateAt } from "./business-date.ts";
import { isDatedWhenRecorded } from "./dated-at.ts";
import type { HotStates, Read } from "./hot-states.ts";
import type { Session } from "./session.ts";

/** One command on its way through the hub; the same in every try. */
export type Running = {
  readonly commandId: string;
  readonly definition: CommandDefinition;
  readonly input: unknown;
  readonly session: Session;
  readonly tenant: Tenant;
  /** When it was asked, and when it happened, both ISO 8601 UTC. */
  readonly now: string;
  readonly happened: string;
  newId(kind: IdKind): string;
};

/** Everything that a decision may read. */
export type Gathered = {
  readonly reader: Reader;
  readonly context: Context;
  readonly found: ReadonlyMap<string, Read>;
  readonly refs: ReadonlyMap<string, Ref>;
};

/** `reads` may name more once it sees what it named before. Most are done in two or three rounds; who follows orders from merge to merge takes one for each. */
const MAX_ROUNDS = 200;

/** Loads what the command reads until it names nothing new. Streams in `fresh` are not taken from memory. */
export async function gather(states: HotStates, running: Running, fresh: ReadonlySet<string>): Promise<Gathered> {
  const { definition, input, session, tenant } = running;
  const found = new Map<string, Read>();
  const refs = new Map<string, Ref>();
  const early = readerOf(definition.type, found, "early");
  let wanted: readonly Ref[] = session.merchant === null ? [] : [{ kind: "merchant", stream: session.merchant }];
  for (let round = 0; wanted.length > 0 || round === 0; round++) {
    if (round > MAX_ROUNDS) throw new Error(`${definition.type} names ever more states to read`);
    for (const ref of wanted) refs.set(ref.stream, ref);
    for (const [stream, read] of await states.read(tenant, wanted, fresh)) found.set(stream, read);
    wanted = definition.reads(input, early, contextOf(running, found)).filter((ref) => !refs.has(ref.stream));
  }
  return { reader: readerOf(definition.type, found, "complete"), context: contextOf(running, found), found, refs };
}

/** A merchant that is being created has no clock of its own yet. */
function dateAt(instant: string, merchant: MerchantState | undefined): string {
  return businessDateAt(Date.parse(instant), merchant?.zone ?? "UTC", merchant?.cutOver ?? "04:00");
}

function contextOf({ commandId, definition, session, now, happened, newId }: Running, found: ReadonlyMap<string, Read>): Context {
  const merchant = session.merchant === null ? undefined : (found.get(session.merchant)?.state as MerchantState | undefined);
  return {
    now,
    businessDate: isDatedWhenRecorded(definition.type) ? openBusinessDate(dateAt(now, merchant), merchant?.closedThrough ?? null) : dateAt(happened, merchant),
    organizer: session.organizer,
    merchant: session.merchant ?? "",
    actor: { staff: session.staff?.id ?? null, device: session.device, name: session.staff?.name ?? session.deviceName ?? "Comanda", capabilities: session.capabilities },
    newId: idsOfCommand(commandId, newId),
  };
}

/** `reads` looks before it has named everything; a decision that looks at what was not named is a bug. */
function readerOf(type: string, found: ReadonlyMap<string, Read>, when: "early" | "complete"): Reader {
  return {
    get<K extends AggregateKind>(kind: K, stream: string) {
      const read = found.get(stream);
      if (read === undefined && when === "complete") throw new Error(`${type} decides on ${kind} ${stream}, which its reads do not name`);
      // The stream was loaded as the kind that `reads` named it.
      return read?.state as ReturnType<Reader["get"]> as never;
    },
  };
}
