import { vi } from "vitest";
import type { CommandAnswer } from "#shared/commands/answer.ts";
import { seatPartyCommand } from "#shared/domain/floor/decide-seat-party.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import { CallFailed, failureOf } from "../api.ts";
import { Outbox, type Waiting } from "../commands/outbox.ts";
import { memoryShelf, type Shelf } from "../storage.ts";
import { stateOf } from "../sync/world.ts";
import { WorldStore } from "../sync/world-store.ts";
import { folding, MERCHANT, ORGANIZER, SHARD, snapshotAt, TABLE } from "./floor-fixture.ts";

export const ANNA = "stf_01JD000000000000000000000A";
export const BEN = "stf_01JD000000000000000000000B";
export const PARTY = "pty_01JD000000000000000000000P";
export const ORDER = "ord_01JD00000000000000000000RD";
export const unreachable = new CallFailed({ kind: "unreachable" }, undefined);

let made = 0;
export function seat(whenOccupied: "refuse" | "share" = "refuse", party = PARTY, author = ANNA): Waiting {
  made += 1;
  const commandId = `01JD0000000000000000000${String(made).padStart(3, "0")}`;
  return { commandId, type: "party.seat", input: { party, order: ORDER, tables: [TABLE], covers: 2, whenOccupied }, occurredAt: "2026-11-20T12:00:00.000Z", author };
}

/** Stands for the hub: decides over what it has committed, remembers every id's first answer (LOG-4). */
function hub() {
  const answers = new Map<string, CommandAnswer<unknown>>();
  const committed: string[] = [];
  return {
    committed,
    refuse: null as string | null,
    decide(command: Waiting): CommandAnswer<unknown> {
      const first = answers.get(command.commandId);
      if (first) return first;
      let answer: CommandAnswer<unknown>;
      if (this.refuse === null) {
        committed.push(command.commandId);
        const to = String(10 + committed.length * 2);
        answer = { ok: true, result: {}, at: { shard: SHARD, from: to, to } };
      } else answer = { ok: false, refusal: { refused: this.refuse } };
      answers.set(command.commandId, answer);
      return answer;
    },
  };
}

/** An outbox before that hub, over a floor of one table; `late` is what `refusedLate` was told. */
export function stage(shelf: Shelf = memoryShelf(), painted: () => Promise<void> = () => Promise.resolve()) {
  const truth = hub();
  const world = new WorldStore(folding, () => "x", (paint) => paint());
  world.reset(snapshotAt("10"));
  const post = vi.fn(async (command: Waiting) => truth.decide(command));
  const renewSession = vi.fn(async () => undefined);
  const late: (readonly [commandId: string, refused: string])[] = [];
  const outbox = new Outbox({
    post,
    failureOf,
    renewSession,
    definition: (type) => (type === seatPartyCommand.type ? seatPartyCommand : undefined),
    context: (author, now) => ({ now, businessDate: "2026-11-20", organizer: ORGANIZER, merchant: MERCHANT, actor: { staff: author, device: null, name: "Anna", capabilities: [] } }),
    cursor: (): Cursor | undefined => world.cursor(),
    changed: () => world.showNow(),
    refusedLate: ({ commandId }, { refused }) => void late.push([commandId, refused]),
    painted,
    now: Date.now,
    random: () => 0.5,
    setTimer: (action, ms) => setTimeout(action, ms),
    shelf,
  });
  world.assumeFrom(() => outbox.assumed());
  world.onFrame((frame) => outbox.confirm(frame.commandId));
  world.onMove(() => outbox.moved());
  const parties = () => stateOf(world.view.get().kinds, "table", TABLE)?.parties;
  return { outbox, world, truth, post, renewSession, parties, shelf, late };
}

export const settle = () => vi.advanceTimersByTimeAsync(0);
