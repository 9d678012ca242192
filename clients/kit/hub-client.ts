import type { CommandAnswer } from "#shared/commands/answer.ts";
import { commandDefinition, type CommandInput, type CommandResult, type CommandType } from "#shared/domain/registry.ts";
import { tableTitle } from "#shared/domain/floor/table-title.ts";
import { createApi, failureOf, type Api } from "./api.ts";
import { HubClock } from "./clock.ts";
import { assumedBusinessDate, domainFolding, isAssumed } from "./commands/assumable.ts";
import { Outbox, type Waiting } from "./commands/outbox.ts";
import { tellRefusedLate } from "./commands/tell-refused-late.ts";
import { newCommandId, newId } from "./ids.ts";
import { openPlace, pairForDemo, type Demo } from "./session/place.ts";
import { Session, type DeviceKind } from "./session/session.ts";
import type { Shelf } from "./storage.ts";
import { createStore, type Store } from "./store.ts";
import { Connection } from "./sync/connection.ts";
import { openBrowserSocket } from "./sync/socket.ts";
import { stateOf, type Snapshot } from "./sync/world.ts";
import { onNextPaint, WorldStore } from "./sync/world-store.ts";
import type { Tapped } from "./words/refused-late.ts";

export type Boot = { readonly phase: "starting" | "unpaired" | "paired"; readonly trouble: "hub-away" | "demo-refused" | null };

export type HubClient = {
  readonly api: Api;
  readonly clock: HubClock;
  readonly session: Session;
  readonly world: WorldStore;
  readonly outbox: Outbox;
  readonly connection: Connection;
  readonly boot: Store<Boot>;
  readonly demo: Demo | null;
  /** What this device keeps over a restart. */
  readonly kept: Shelf;
  /** Decided here, shown at once when it is of the service's flow, and answered by the hub. */
  send<Type extends CommandType>(type: Type, input: CommandInput<Type>): Promise<CommandAnswer<CommandResult<Type>>>;
  /** An access token of whoever works here, for queries. */
  token(): Promise<string>;
  start(): void;
};

export type HubClientOptions = {
  readonly app: "pos" | "kds";
  readonly deviceName: string;
  /** A screen that needs no person: it signs in by itself and again whenever its session ends. */
  readonly worksAlone: boolean;
};

export function createHubClient({ app, deviceName, worksAlone }: HubClientOptions): HubClient {
  const kind: DeviceKind = app === "kds" ? "kds" : "pos";
  const place = openPlace(app, window.location.search, window.localStorage, window.sessionStorage);
  const api = createApi(`${window.location.origin}/trpc`);
  const clock = new HubClock();
  const session = new Session(api, place.device, place.window, () => clock.now());
  const world = new WorldStore(domainFolding, newId, onNextPaint);
  const boot = createStore<Boot>({ phase: session.state.get().pairing ? "paired" : "starting", trouble: null });

  const outbox = new Outbox({
    post: async (command) => {
      const token = await session.token(command.author);
      const { commandId, occurredAt, input } = command;
      return api.mutate<CommandAnswer<unknown>>(command.type, { commandId, occurredAt, input }, token);
    },
    failureOf,
    renewSession: async (author) => void (await session.renew(author)),
    definition: commandDefinition,
    context: (author, occurredAt) => contextOf(author, occurredAt),
    cursor: () => world.cursor(),
    changed: () => world.showNow(),
    refusedLate: (waiting, refusal) => tellRefusedLate(waiting, refusal, tapped(waiting)),
    // A timer that is set in a frame's callback runs when the frame has been painted.
    painted: () => new Promise((painted) => onNextPaint(() => setTimeout(painted, 0))),
    now: Date.now,
    random: Math.random,
    setTimer: (action, ms) => setTimeout(action, ms),
    shelf: place.device,
  });
  world.assumeFrom(() => outbox.assumed());
  world.onFrame((frame) => outbox.confirm(frame.commandId));
  world.onMove(() => outbox.moved());

  function contextOf(author: string, now: string) {
    const { pairing, signedIn } = session.state.get();
    const who = signedIn[author];
    if (!pairing || !who) return null;
    const merchant = stateOf(world.confirmed(), "merchant", pairing.merchant.id);
    return {
      now,
      businessDate: assumedBusinessDate(merchant, now),
      organizer: pairing.organizer,
      merchant: pairing.merchant.id,
      actor: { staff: who.staff?.id ?? null, device: pairing.device, name: who.staff?.name ?? pairing.deviceName, capabilities: who.capabilities },
    };
  }

  function tapped({ author, input }: Waiting): Tapped {
    const { pairing, signedIn } = session.state.get();
    const { check } = input as { readonly check?: unknown };
    const bill = typeof check === "string" ? stateOf(world.confirmed(), "check", check) : undefined;
    const merchant = stateOf(world.confirmed(), "merchant", pairing?.merchant.id ?? "");
    return { who: signedIn[author]?.staff?.name ?? deviceName, bill: bill ? tableTitle(bill.label) : null, zone: merchant?.zone ?? "UTC" };
  }

  async function listeningToken(): Promise<string> {
    return session.token(session.state.get().listening ?? "");
  }

  const connection = new Connection(
    {
      openSocket: (handlers) => openBrowserSocket(handlers),
      ticket: async () => (await api.mutate<{ ticket: string }>("auth.socketTicket", undefined, await listeningToken())).ticket,
      snapshot: async () => api.query<Snapshot>("sync.snapshot", undefined, await listeningToken()),
      renewSession: async () => {
        const { listening } = session.state.get();
        if (listening === null) return false;
        try {
          await session.renew(listening);
          return true;
        } catch (error) {
          if (failureOf(error).kind === "unauthorized") return false;
          throw error;
        }
      },
      learnTime: (serverTime) => clock.learn(serverTime),
      now: Date.now,
      random: Math.random,
      setTimer: (action, ms) => setTimeout(action, ms),
      clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    },
    world,
  );

  async function bringUp(): Promise<void> {
    if (!session.state.get().pairing && place.demo) {
      try {
        await pairForDemo(api, session, place.demo, kind, deviceName);
      } catch (error) {
        const away = failureOf(error).kind === "unreachable";
        boot.set({ phase: away ? "starting" : "unpaired", trouble: away ? "hub-away" : "demo-refused" });
        if (away) setTimeout(() => void bringUp(), 1500);
        return;
      }
    }
    if (!session.state.get().pairing) return boot.set({ phase: "unpaired", trouble: null });
    boot.set({ phase: "paired", trouble: null });
    if (worksAlone) await signInAlone();
  }

  let signingIn = false;
  async function signInAlone(): Promise<void> {
    if (signingIn || session.current() || !session.state.get().pairing) return;
    signingIn = true;
    try {
      await session.deviceLogin();
      boot.set({ phase: "paired", trouble: null });
    } catch (error) {
      if (failureOf(error).kind === "unreachable") boot.set({ phase: "paired", trouble: "hub-away" });
      if (session.state.get().pairing) setTimeout(() => void signInAlone(), 1500);
    } finally {
      signingIn = false;
    }
  }

  /** Rights, in a form that can be compared: other rights need another snapshot. */
  const rightsOf = (author: string | null) => (author === null ? "" : [...(session.state.get().signedIn[author]?.capabilities ?? [])].sort().join());
  let listening: string | null = null;
  let rights = "";
  let paired = session.state.get().pairing?.device ?? null;
  function followSession(): void {
    const now = session.state.get();
    const device = now.pairing?.device ?? null;
    if (device !== paired) {
      paired = device;
      world.forget();
      if (device === null) {
        boot.set({ phase: "starting", trouble: null });
        void bringUp();
      } else {
        boot.set({ phase: "paired", trouble: null });
        // Paired by a code: nobody else begins its session (failure 20).
        if (worksAlone) void signInAlone();
      }
    }
    if (now.author !== null) outbox.resume(now.author);
    if (now.listening === listening) return;
    const before = rights;
    listening = now.listening;
    if (listening === null) {
      if (worksAlone) void signInAlone();
      return;
    }
    rights = rightsOf(listening);
    session.forgetOthers(outbox.authors());
    if (rights !== before) connection.takeSnapshot();
    else connection.reconnect();
  }

  return {
    api,
    clock,
    session,
    world,
    outbox,
    connection,
    boot,
    demo: place.demo,
    kept: place.device,
    async send(type, input) {
      const definition = commandDefinition(type);
      const author = session.state.get().author;
      if (!definition || author === null) return { ok: false, refusal: { refused: "signed-out" } };
      const parsed = definition.schema.safeParse(input);
      if (!parsed.success) {
        const fields = parsed.error.issues.map((issue) => ({ path: issue.path.join("."), rule: issue.message }));
        return { ok: false, refusal: { refused: "bad-input", fields } };
      }
      const answer = await outbox.submit({ commandId: newCommandId(clock.now()), type, input: parsed.data, occurredAt: clock.iso(), author }, isAssumed(type));
      return answer as CommandAnswer<CommandResult<typeof type>>;
    },
    token: () => session.token(session.state.get().author ?? ""),
    start() {
      session.state.subscribe(followSession);
      window.addEventListener("online", () => {
        connection.wake();
        outbox.flush();
      });
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") connection.wake();
      });
      connection.state.subscribe(() => {
        if (connection.state.get().phase === "live") outbox.flush();
      });
      outbox.state.subscribe(() => {
        if (outbox.state.get().waiting === 0) session.forgetOthers(new Set());
      });
      void bringUp();
      listening = session.state.get().listening;
      rights = rightsOf(listening);
      connection.start();
      outbox.restore();
    },
  };
}
