import type { CommandAnswer } from "#shared/commands/answer.ts";
import { commandDefinition, type CommandInput, type CommandResult, type CommandType } from "#shared/domain/registry.ts";
import { createApi, failureOf, type Api } from "../../clients/kit/api.ts";
import { assumedBusinessDate, domainFolding, isAssumed } from "../../clients/kit/commands/assumable.ts";
import { Outbox } from "../../clients/kit/commands/outbox.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import { newCommandId, newId } from "../../clients/kit/ids.ts";
import { Session } from "../../clients/kit/session/session.ts";
import { memoryShelf } from "../../clients/kit/storage.ts";
import { Connection, type SocketHandlers, type SocketLike } from "../../clients/kit/sync/connection.ts";
import { stateOf, type Snapshot } from "../../clients/kit/sync/world.ts";
import { WorldStore } from "../../clients/kit/sync/world-store.ts";
import { nextReleaseReads } from "./next-release-reads.ts";

/** One command as its tablet knows it, from the tap on. */
export type Sent = {
  readonly commandId: string;
  readonly type: CommandType;
  readonly input: unknown;
  answer: CommandAnswer<unknown> | undefined;
  /** By our clock, milliseconds. */
  readonly tappedAt: number;
  answeredAt: number | undefined;
};

export type Heard = { readonly shard: number; readonly position: string; readonly id: string };

/** A tablet or a kitchen screen: the clients' own session, outbox, socket and world, with nothing of a browser. */
export type Device = {
  readonly name: string;
  readonly merchant: string;
  readonly organizer: string;
  readonly api: Api;
  readonly world: WorldStore;
  readonly outbox: Outbox;
  readonly connection: Connection;
  /** Everything that was tapped here. */
  readonly sent: readonly Sent[];
  /** Every event that the screen was brought, in the order in which it took them, and from where on in the log. */
  readonly heard: readonly Heard[];
  heardFrom(): Cursor | undefined;
  /** What its login allows it to see. */
  capabilities(): readonly string[];
  /** Snapshots taken so far; one, for a screen that always found its place again. */
  snapshots(): number;
  /** Resolves with the hub's answer, however often it takes to get one (LOG-4). */
  send<Type extends CommandType>(type: Type, input: CommandInput<Type>): Promise<CommandAnswer<CommandResult<Type>>>;
  /** What pages began with that were loaded in the middle of the work. */
  readonly pages: readonly Snapshot[];
  /** Somebody loads the page once more; nothing is kept of one that does not come. */
  loadPage(): Promise<void>;
  /** What a screen that is loaded anew would begin with. */
  freshSnapshot(): Promise<Snapshot>;
  /** How often the app was too old for what came. */
  loadedAnew(): number;
  close(): void;
};

export type DeviceOptions = {
  readonly name: string;
  readonly hubUrl: string;
  /** Where calls go, when something stands between them and the hub. */
  readonly callUrl?: string;
  readonly pairingCode: string;
  /** Who logs in; a kitchen screen works by itself. */
  readonly person?: { readonly staff: string; readonly pin: string };
};

/** Paired, logged in, and live from then on whatever happens to the hub; never made anew. */
export async function openDevice({ name, hubUrl, callUrl = hubUrl, pairingCode, person }: DeviceOptions): Promise<Device> {
  const api = createApi(`${callUrl}/trpc`);
  const session = new Session(api, memoryShelf(), memoryShelf(), Date.now);
  await session.pair(pairingCode);
  const { author } = await (person === undefined ? session.deviceLogin() : session.login(person.staff, person.pin));
  const { pairing } = session.state.get();
  if (pairing === null) throw new Error(`${name} is not paired`);

  const sent: Sent[] = [];
  let snapshots = 0;
  let loads = 0;
  const folding = { ...domainFolding };
  const world = new WorldStore(folding, newId, (paint) => setTimeout(paint, 30));
  const freshSnapshot = async () => api.query<Snapshot>("sync.snapshot", undefined, await session.token(author));

  const outbox = new Outbox({
    post: async ({ type, commandId, occurredAt, input }) => api.mutate(type, { commandId, occurredAt, input }, await session.token(author)),
    failureOf,
    renewSession: async () => void (await session.renew(author)),
    definition: commandDefinition,
    context(_, now) {
      const { staff, capabilities } = session.state.get().signedIn[author] ?? { staff: null, capabilities: [] };
      const merchant = stateOf(world.confirmed(), "merchant", pairing.merchant.id);
      return {
        now,
        businessDate: assumedBusinessDate(merchant, now),
        organizer: pairing.organizer,
        merchant: pairing.merchant.id,
        actor: { staff: staff?.id ?? null, device: pairing.device, name: staff?.name ?? name, capabilities },
      };
    },
    cursor: () => world.cursor(),
    changed: () => world.showNow(),
    // Nothing is left of an earlier page, and what the outbox gave up is in its answer, which the log does not have.
    refusedLate: () => undefined,
    painted: () => Promise.resolve(),
    now: Date.now,
    random: Math.random,
    setTimer: (action, ms) => setTimeout(action, ms),
    shelf: memoryShelf(),
  });
  world.assumeFrom(() => outbox.assumed());
  const heard: Heard[] = [];
  const pages: Snapshot[] = [];
  let heardFrom: Cursor | undefined;
  world.onFrame((frame) => {
    outbox.confirm(frame.commandId);
    for (const { position, id } of frame.events) heard.push({ shard: frame.shard, position, id });
  });
  world.onMove(() => outbox.moved());

  const connection = new Connection(
    {
      openSocket: (handlers) => openSocket(`${hubUrl.replace("http", "ws")}/ws`, handlers),
      ticket: async () => (await api.mutate<{ ticket: string }>("auth.socketTicket", undefined, await session.token(author))).ticket,
      async snapshot() {
        const taken = await freshSnapshot();
        // One that a hub took with it into its death was asked for and not taken.
        snapshots++;
        heardFrom ??= taken.cursor;
        return taken;
      },
      renewSession: async () => Boolean(await session.renew(author)),
      learnTime: () => undefined,
      now: Date.now,
      random: Math.random,
      setTimer: (action, ms) => setTimeout(action, ms),
      clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    world,
  );
  connection.state.subscribe(() => {
    const { phase } = connection.state.get();
    if (phase === "live") outbox.flush();
    if (phase === "outdated") loadAnew();
  });
  connection.start();

  /** What the page does by itself when it is too old for what comes: the app of the next release goes on. */
  function loadAnew(): void {
    loads++;
    folding.upToDate = nextReleaseReads;
    connection.wake();
  }

  return {
    name,
    merchant: pairing.merchant.id,
    organizer: pairing.organizer,
    api,
    world,
    outbox,
    connection,
    sent,
    heard,
    heardFrom: () => heardFrom,
    capabilities: () => session.state.get().signedIn[author]?.capabilities ?? [],
    snapshots: () => snapshots,
    async send(type, input) {
      const parsed = commandDefinition(type)?.schema.parse(input);
      const tappedAt = Date.now();
      const command: Sent = { commandId: newCommandId(tappedAt), type, input: parsed, answer: undefined, tappedAt, answeredAt: undefined };
      sent.push(command);
      command.answer = await outbox.submit({ commandId: command.commandId, type, input: parsed, occurredAt: new Date().toISOString(), author }, isAssumed(type));
      command.answeredAt = Date.now();
      return command.answer as CommandAnswer<CommandResult<typeof type>>;
    },
    pages,
    async loadPage() {
      const page = await freshSnapshot().catch(() => undefined);
      if (page !== undefined) pages.push(page);
    },
    freshSnapshot,
    loadedAnew: () => loads,
    close: () => connection.stop(),
  };
}

function openSocket(url: string, handlers: SocketHandlers): SocketLike {
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => handlers.opened());
  socket.addEventListener("message", (event) => {
    if (typeof event.data === "string") handlers.message(event.data);
  });
  socket.addEventListener("close", () => handlers.closed());
  return { send: (text) => socket.send(text), close: () => socket.close() };
}
