import type { z } from "zod";
import { handOver, joinParties, moveParty } from "#shared/commands/floor.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, guard, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { allRenamed, openOrdersOf, partyOrderRefs, renamed } from "../order/header.ts";
import { ordersOf, type PartyState, type Person, type TableState } from "./state.ts";

const MOST_COVERS = 99;
const MOST_TABLES = 20;

export function seatedParty(id: string, reader: Reader): PartyState | Refusal {
  const party = reader.get("party", id);
  if (!party) return refuse("unknown-party", { party: id });
  return party.cleared ? refuse("party-cleared", { party: id }) : party;
}

/** From tables to tables: both tell it themselves, so that two devices meet there (failure 2). */
export function tableChanges(party: string, from: readonly string[], to: readonly string[]): readonly Change[] {
  return [
    ...from.filter((table) => !to.includes(table)).map((table) => change("table", table, [{ type: "allocation.table.released", data: { party } }])),
    ...to.filter((table) => !from.includes(table)).map((table) => change("table", table, [{ type: "allocation.table.occupied", data: { party } }])),
  ];
}

function decideMove(input: z.output<typeof moveParty>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const party = seatedParty(input.party, reader);
  if ("refused" in party) return party;
  const tables: TableState[] = [];
  for (const id of new Set(input.tables)) {
    const table = reader.get("table", id);
    if (!table) return refuse("unknown-table", { table: id });
    const others = table.parties.filter((other) => other !== party.id);
    if (input.whenOccupied === "refuse" && others.length > 0) return refuse("table-occupied", { table: id, parties: others });
    tables.push(table);
  }
  const to = tables.map(({ id, name }) => ({ table: id, name }));
  const names = renamed(openOrdersOf(party, reader), { party: { ...party, tables: to }, takesServer: false }, { operation: input.operation, why: "move", by }, reader);
  if ("refused" in names) return names;
  return {
    changes: [
      change("party", party.id, [{ type: "allocation.usage.moved", data: { operation: input.operation, tables: to, was: [...party.tables], by } }]),
      ...tableChanges(party.id, party.tables.map(({ table }) => table), to.map(({ table }) => table)),
      ...names,
    ],
    result: {},
  };
}

/** DOM-2: covers and tables add up; orders and checks stay what they are, under the target's name. */
function decideJoin(input: z.output<typeof joinParties>, reader: Reader, context: Context): Decision<{ covers: number }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (input.source === input.target) return refuse("same-party", { party: input.source });
  const source = seatedParty(input.source, reader);
  if ("refused" in source) return source;
  const target = seatedParty(input.target, reader);
  if ("refused" in target) return target;
  const covers = source.covers + target.covers;
  if (covers > MOST_COVERS) return refuse("covers-too-many", { most: MOST_COVERS });
  const tables = [...target.tables, ...source.tables.filter(({ table }) => !target.tables.some((one) => one.table === table))];
  if (tables.length > MOST_TABLES) return refuse("tables-too-many", { most: MOST_TABLES });
  const orders = ordersOf(source).filter((id) => reader.get("order", id));
  const all = [...openOrdersOf(target, reader), ...openOrdersOf(source, reader)];
  const names = renamed(all, { party: { ...target, tables, covers }, takesServer: false }, { operation: input.operation, why: "move", by }, reader);
  if ("refused" in names) return names;
  const { operation } = input;
  const moved = new Set(source.tables.map(({ table }) => table));
  return {
    changes: [
      change("party", target.id, [{ type: "allocation.usage.joined", data: { operation, party: source.id, covers, tables, orders, by } }]),
      change("party", source.id, [{ type: "allocation.usage.joinedInto", data: { operation, party: target.id, by } }]),
      ...[...moved].map((table) =>
        change("table", table, [
          { type: "allocation.table.released", data: { party: source.id } },
          ...(target.tables.some((one) => one.table === table) ? [] : [{ type: "allocation.table.occupied" as const, data: { party: target.id } }]),
        ]),
      ),
      // No order of the source begins while it goes.
      ...ordersOf(source).filter((id) => !reader.get("order", id)).map((id) => guard("order", id)),
      ...names,
    ],
    result: { covers },
  };
}

/** Who serves these parties from now on, with their orders and bills. */
export function served(given: readonly { readonly party: PartyState; readonly server: Person }[], operation: string, by: Person, reader: Reader): Decision<Nothing> {
  const namings = given.map(({ party, server }) => ({ orders: openOrdersOf(party, reader), names: { party: { ...party, server }, takesServer: true } }));
  const names = allRenamed(namings, { operation, why: "hand-over", by }, reader);
  if ("refused" in names) return names;
  const parties = given.map(({ party }) => party.id);
  return { changes: [...given.map(({ party, server }) => change("party", party.id, [{ type: "allocation.usage.serverChanged", data: { server, operation, parties, by } }])), ...names], result: {} };
}

/** DOM-20: a waiter's tables in one command: who serves and whose tips; who entered what stays. */
function decideHandOver(input: z.output<typeof handOver>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const staff = reader.get("staff", input.to);
  if (!staff) return refuse("unknown-staff", { staff: input.to });
  if (staff.disabled) return refuse("staff-disabled", { staff: input.to });
  const server = { staff: input.to, name: staff.name };
  const handed: PartyState[] = [];
  for (const id of new Set(input.parties)) {
    const party = seatedParty(id, reader);
    if ("refused" in party) return party;
    if (party.server.staff !== server.staff) handed.push(party);
  }
  return served(handed.map((party) => ({ party, server })), input.operation, by, reader);
}

export const movePartyCommand = command({
  type: "party.move",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: moveParty,
  reads: (input, reader) => {
    const party = reader.get("party", input.party);
    return [ref("party", input.party), ...[...input.tables, ...(party?.tables.map(({ table }) => table) ?? [])].map((table) => ref("table", table)), ...partyOrderRefs(party, reader)];
  },
  decide: decideMove,
});

export const joinPartiesCommand = command({
  type: "party.join",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: joinParties,
  reads: (input, reader) =>
    [input.source, input.target].flatMap((id) => {
      const party = reader.get("party", id);
      return [ref("party", id), ...(party?.tables.map(({ table }) => ref("table", table)) ?? []), ...partyOrderRefs(party, reader)];
    }),
  decide: decideJoin,
});

export const handOverCommand = command({
  type: "party.handOver",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: handOver,
  reads: (input, reader) => [ref("staff", input.to), ...input.parties.flatMap((id) => [ref("party", id), ...partyOrderRefs(reader.get("party", id), reader)])],
  decide: decideHandOver,
});
