import type { Capability } from "#shared/events/identity.ts";
import { CallFailed, failureOf, type Api } from "../api.ts";
import type { Shelf } from "../storage.ts";
import { createStore, type Store } from "../store.ts";

export type DeviceKind = "pos" | "kds" | "manager";
export type Pairing = {
  readonly deviceToken: string;
  readonly device: string;
  readonly deviceName: string;
  readonly kind: DeviceKind;
  readonly station: string | null;
  readonly merchant: { readonly id: string; readonly name: string };
  readonly organizer: string;
};
/** `approves`: what this person may say yes to (DOM-20). */
export type PersonOnDevice = { readonly staff: string; readonly name: string; readonly color: string; readonly approves: readonly Capability[]; readonly serves: boolean };
export type People = {
  readonly merchant: { readonly id: string; readonly name: string; readonly locale: string; readonly currency: string; readonly displayDigits: number };
  readonly people: readonly PersonOnDevice[];
};
export type SignedIn = {
  /** The staff's id, or the device's for a screen that works by itself. */
  readonly author: string;
  readonly staff: { readonly id: string; readonly name: string; readonly color: string } | null;
  readonly capabilities: readonly Capability[];
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken: string | null;
};
export type SessionState = {
  readonly pairing: Pairing | null;
  /** Who works on this device now; null behind the lock. */
  readonly author: string | null;
  readonly signedIn: Readonly<Record<string, SignedIn>>;
  /** Whose session the socket uses; stays behind the lock, so that unlocking finds the screen up to date. */
  readonly listening: string | null;
};

type LoginAnswer = {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken: string | null;
  readonly staff: { readonly id: string; readonly name: string; readonly color: string; readonly capabilities: readonly Capability[] } | null;
  readonly capabilities?: readonly Capability[];
};

/** An access token this close to its end is renewed before it is used. */
const RENEW_BEFORE_MS = 30_000;

/**
 * Pairing, people, PIN and tokens of one device. Locking or switching the person drops no session that still has
 * something to send: a command is answered to the person who gave it (LOG-4 hashes the actor).
 */
export class Session {
  readonly state: Store<SessionState>;
  readonly #api: Api;
  readonly #device: Shelf;
  readonly #window: Shelf;
  readonly #now: () => number;
  readonly #renewals = new Map<string, Promise<SignedIn>>();

  constructor(api: Api, device: Shelf, window: Shelf, now: () => number) {
    this.#api = api;
    this.#device = device;
    this.#window = window;
    this.#now = now;
    const pairing = device.read<Pairing>("pairing");
    const kept = window.read<Omit<SessionState, "pairing">>("people");
    this.state = createStore<SessionState>({ pairing, author: null, signedIn: {}, listening: null, ...(pairing && kept ? kept : {}) });
    this.state.subscribe(() => {
      const { pairing: _pairing, ...people } = this.state.get();
      this.#window.write("people", people);
    });
  }

  async pair(code: string): Promise<void> {
    const pairing = await this.#api.mutate<Pairing>("auth.pair", { code });
    this.#device.write("pairing", pairing);
    this.state.set({ pairing, author: null, signedIn: {}, listening: null });
  }

  unpair(): void {
    this.#device.remove("pairing");
    this.state.set({ pairing: null, author: null, signedIn: {}, listening: null });
  }

  people(): Promise<People> {
    return this.#withDevice((token) => this.#api.query<People>("auth.people", undefined, token));
  }

  async login(staff: string, pin: string): Promise<SignedIn> {
    return this.#enter(await this.#withDevice((token) => this.#api.mutate<LoginAnswer>("auth.login", { staff, pin }, token)));
  }

  /** A kitchen screen works by itself. */
  async deviceLogin(): Promise<SignedIn> {
    return this.#enter(await this.#withDevice((token) => this.#api.mutate<LoginAnswer>("auth.deviceLogin", undefined, token)));
  }

  lock(): void {
    this.state.set({ ...this.state.get(), author: null });
  }

  current(): SignedIn | null {
    const { author, signedIn } = this.state.get();
    return author === null ? null : (signedIn[author] ?? null);
  }

  /** A token of this person that is good for a while; renews it when it must. Fails with `unauthorized` when the session is over. */
  async token(author: string): Promise<string> {
    const held = this.state.get().signedIn[author];
    if (!held) throw noSession();
    if (Date.parse(held.expiresAt) - this.#now() > RENEW_BEFORE_MS) return held.accessToken;
    return (await this.renew(author)).accessToken;
  }

  /** One renewal at a time: a refresh token that is used twice revokes the family. */
  renew(author: string): Promise<SignedIn> {
    const under = this.#renewals.get(author);
    if (under) return under;
    const renewal = this.#renew(author).finally(() => this.#renewals.delete(author));
    this.#renewals.set(author, renewal);
    return renewal;
  }

  async #renew(author: string): Promise<SignedIn> {
    const { pairing, signedIn } = this.state.get();
    const held = signedIn[author];
    if (!held || !pairing) throw noSession();
    try {
      const answer =
        held.refreshToken === null
          ? await this.#api.mutate<LoginAnswer>("auth.deviceLogin", undefined, pairing.deviceToken)
          : await this.#api.mutate<LoginAnswer>("auth.refresh", { refreshToken: held.refreshToken }, pairing.deviceToken);
      const renewed = this.#signedIn(answer, pairing);
      const now = this.state.get();
      this.state.set({ ...now, signedIn: { ...now.signedIn, [author]: renewed } });
      return renewed;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "unauthorized") this.#over(author, error);
      // A fault at this door is none of the command that waits for the token.
      throw failure.kind === "unreachable" && failure.fault === true ? new CallFailed({ kind: "unreachable" }, error) : error;
    }
  }

  /** Leaves no session behind of people who neither work here now nor wait for an answer. */
  forgetOthers(waiting: ReadonlySet<string>): void {
    const now = this.state.get();
    const kept: Record<string, SignedIn> = {};
    for (const [author, held] of Object.entries(now.signedIn)) {
      if (author === now.author || author === now.listening || waiting.has(author)) kept[author] = held;
      else void this.#api.mutate("auth.logout", undefined, held.accessToken).catch(() => undefined);
    }
    if (Object.keys(kept).length < Object.keys(now.signedIn).length) this.state.set({ ...now, signedIn: kept });
  }

  #enter(answer: LoginAnswer): SignedIn {
    const now = this.state.get();
    if (!now.pairing) throw noSession();
    const entered = this.#signedIn(answer, now.pairing);
    this.state.set({ ...now, author: entered.author, listening: entered.author, signedIn: { ...now.signedIn, [entered.author]: entered } });
    return entered;
  }

  #signedIn(answer: LoginAnswer, pairing: Pairing): SignedIn {
    return {
      author: answer.staff?.id ?? pairing.device,
      staff: answer.staff ? { id: answer.staff.id, name: answer.staff.name, color: answer.staff.color } : null,
      capabilities: answer.staff?.capabilities ?? answer.capabilities ?? [],
      accessToken: answer.accessToken,
      expiresAt: answer.expiresAt,
      refreshToken: answer.refreshToken,
    };
  }

  #over(author: string, error: unknown): void {
    const now = this.state.get();
    const { [author]: _gone, ...signedIn } = now.signedIn;
    const failure = failureOf(error);
    const revoked = failure.kind === "unauthorized" && failure.refused === "unknown-token" && now.signedIn[author]?.refreshToken === null;
    if (revoked) return this.unpair();
    this.state.set({ ...now, signedIn, author: now.author === author ? null : now.author, listening: now.listening === author ? null : now.listening });
  }

  async #withDevice<T>(call: (token: string) => Promise<T>): Promise<T> {
    const { pairing } = this.state.get();
    if (!pairing) throw noSession();
    try {
      return await call(pairing.deviceToken);
    } catch (error) {
      const failure = failureOf(error);
      // The hub was set up anew, or somebody revoked this device.
      if (failure.kind === "unauthorized" && failure.refused === "unknown-token") this.unpair();
      throw error;
    }
  }
}

function noSession(): CallFailed {
  return new CallFailed({ kind: "unauthorized", refused: "signed-out", retryAfterMs: null }, undefined);
}
