import type { z } from "zod";
import { undoParty } from "#shared/commands/floor.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { allRenamed, openOrdersOf, partyOrderRefs, renamed } from "../order/header.ts";
import { seatedParty, served, tableChanges } from "./decide-move-party.ts";
import type { PartyOperation, PartyState, Person } from "./state.ts";

type HandOver = Extract<PartyOperation, { kind: "hand-over" }>;

function cannot(why: string, fields: Readonly<Record<string, unknown>> = {}): Refusal {
  return refuse("cannot-undo", { ...fields, why });
}

function operationOf(party: PartyState | undefined, id: string): PartyOperation | undefined {
  return party?.operations?.find(({ operation }) => operation === id);
}

/** Back to the tables it came from, unless somebody else sits there now. */
function moveBack(party: PartyState, done: Extract<PartyOperation, { kind: "move" }>, by: Person, reader: Reader): Decision<Nothing> {
  const now = party.tables.map(({ table }) => table);
  const was = done.was.map(({ table }) => table);
  for (const table of was.filter((one) => !now.includes(one))) {
    const others = reader.get("table", table)?.parties ?? [];
    if (others.length > 0) return cannot("table-occupied", { table, parties: others });
  }
  const names = renamed(openOrdersOf(party, reader), { party: { ...party, tables: done.was }, takesServer: false }, { operation: done.operation, why: "move", by }, reader);
  if ("refused" in names) return names;
  return {
    changes: [change("party", party.id, [{ type: "allocation.usage.moved", data: { operation: done.operation, tables: [...done.was], was: [...party.tables], by } }]), ...tableChanges(party.id, now, was), ...names],
    result: {},
  };
}

/** Two parties again: each has its tables, covers and orders; what was ordered since is the target's. */
function part(target: PartyState, done: Extract<PartyOperation, { kind: "join" }>, by: Person, reader: Reader): Decision<Nothing> {
  const source = reader.get("party", done.party);
  if (!source || source.joinedInto !== target.id) return cannot("moved-on", { party: done.party });
  const merged = done.orders.find((id) => reader.get("order", id)?.mergedInto);
  if (merged) return cannot("moved-on", { order: merged });
  const covers = Math.max(1, target.covers - source.covers);
  const own = target.tables.filter(({ table }) => done.tables.some((one) => one.table === table) || !source.tables.some((one) => one.table === table));
  const orders = (target.joined ?? []).filter((id) => !done.orders.includes(id));
  const back = source.tables.filter(({ table }) => !own.some((one) => one.table === table));
  for (const { table } of back) {
    const others = (reader.get("table", table)?.parties ?? []).filter((party) => party !== target.id);
    if (others.length > 0) return cannot("table-occupied", { table, parties: others });
  }
  const gone = { ...source, cleared: false };
  const open = openOrdersOf({ ...target, joined: orders }, reader).filter(({ id }) => !done.orders.includes(id));
  const theirs = openOrdersOf(gone, reader).filter(({ party }) => party === target.id);
  const { operation } = done;
  const why = { operation, why: "move" as const, by };
  const names = allRenamed([{ orders: open, names: { party: { ...target, tables: own, covers }, takesServer: false } }, { orders: theirs, names: { party: source, takesServer: false } }], why, reader);
  if ("refused" in names) return names;
  const changes: Change[] = [
    change("party", target.id, [{ type: "allocation.usage.joinRolledBack", data: { operation, covers, tables: own, orders, by } }]),
    change("party", source.id, [{ type: "allocation.usage.joinRolledBack", data: { operation, covers: source.covers, tables: [...source.tables], orders: [...(source.joined ?? [])], by } }]),
    ...back.map(({ table }) =>
      change("table", table, [
        { type: "allocation.table.released", data: { party: target.id } },
        { type: "allocation.table.occupied", data: { party: source.id } },
      ]),
    ),
    ...source.tables.filter(({ table }) => own.some((one) => one.table === table)).map(({ table }) => change("table", table, [{ type: "allocation.table.occupied", data: { party: source.id } }])),
    ...names,
  ];
  return { changes, result: {} };
}

/** Back to who served before, all that were handed over together and are still here with whom they were given to. */
function handBack(party: PartyState, done: HandOver, by: Person, reader: Reader): Decision<Nothing> {
  if (party.server.staff !== done.to.staff) return cannot("moved-on", { server: party.server });
  const given = done.parties.flatMap((id) => {
    const one = reader.get("party", id);
    const own = one && !one.cleared ? operationOf(one, done.operation) : undefined;
    return one && own?.kind === "hand-over" && one.server.staff === own.to.staff ? [{ party: one, server: own.was }] : [];
  });
  return served(given, done.operation, by, reader);
}

function decide(input: z.output<typeof undoParty>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const party = seatedParty(input.party, reader);
  if ("refused" in party) return party.refused === "party-cleared" ? cannot("cleared", { party: input.party }) : party;
  const done = operationOf(party, input.operation);
  if (!done) return refuse("unknown-operation", { operation: input.operation });
  switch (done.kind) {
    case "move":
      return moveBack(party, done, by, reader);
    case "hand-over":
      return handBack(party, done, by, reader);
    case "join":
      return part(party, done, by, reader);
  }
}

export const undoPartyCommand = command({
  type: "party.undo",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: undoParty,
  reads: (input, reader) => {
    const party = reader.get("party", input.party);
    const done = operationOf(party, input.operation);
    const other = done?.kind === "join" ? reader.get("party", done.party) : undefined;
    const tables = [...(party?.tables ?? []), ...(done?.kind === "move" ? done.was : []), ...(other?.tables ?? [])];
    return [
      ref("party", input.party),
      ...(done?.kind === "join" ? [ref("party", done.party), ...done.orders.map((id) => ref("order", id))] : []),
      ...(done?.kind === "hand-over" ? done.parties.flatMap((id) => [ref("party", id), ...partyOrderRefs(reader.get("party", id), reader)]) : []),
      ...tables.map(({ table }) => ref("table", table)),
      ...partyOrderRefs(party, reader),
      ...partyOrderRefs(other, reader),
    ];
  },
  decide,
});

