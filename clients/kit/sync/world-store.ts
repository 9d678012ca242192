import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import type { IdKind } from "#shared/ids.ts";
import { createStore, type Store } from "../store.ts";
import { project, type Assumed } from "./overlay.ts";
import { applyFrame, asShown, readFrame, worldOf, type Misfit, type Folding, type Kinds, type Snapshot, type World } from "./world.ts";

/** `confirmed` is what the hub has said; `kinds` has what is assumed on top. */
export type View = { readonly kinds: Kinds; readonly confirmed: Kinds; readonly loaded: boolean };
export type ArrivedFrame = { readonly shard: number; readonly to: string; readonly commandId: string; readonly events: readonly EventEnvelope[] };

/** The confirmed world, what is assumed over it, and the view of both that screens follow. */
export class WorldStore {
  readonly view: Store<View> = createStore<View>({ kinds: {}, confirmed: {}, loaded: false });
  #world: World | null = null;
  #assumed: () => readonly Assumed[] = () => [];
  #painting = false;
  readonly #folding: Folding;
  readonly #newId: (kind: IdKind) => string;
  readonly #paint: (paint: () => void) => void;
  readonly #frameListeners = new Set<(frame: ArrivedFrame) => void>();
  readonly #moveListeners = new Set<() => void>();

  constructor(folding: Folding, newId: (kind: IdKind) => string, paint: (paint: () => void) => void) {
    this.#folding = folding;
    this.#newId = newId;
    this.#paint = paint;
  }

  /** Who says what is assumed: the outbox. */
  assumeFrom(assumed: () => readonly Assumed[]): void {
    this.#assumed = assumed;
  }

  cursor(): Cursor | undefined {
    return this.#world?.cursor;
  }

  confirmed(): Kinds {
    return this.#world?.kinds ?? {};
  }

  reset(snapshot: Snapshot): void {
    this.#world = worldOf(snapshot);
    this.#moved();
    this.showNow();
  }

  forget(): void {
    this.#world = null;
    this.showNow();
  }

  /** `gap`: an event is missing, take a snapshot. `newer`: the app has to be loaded anew; nothing of the frame is shown. */
  apply(arrived: ArrivedFrame): "applied" | Misfit {
    if (!this.#world) return "gap";
    const frame = readFrame(arrived, this.#folding);
    if (typeof frame === "string") return frame;
    const { world, gap } = applyFrame(this.#world, frame, this.#folding);
    if (gap) return "gap";
    const changed = world !== this.#world;
    this.#world = asShown(world, frame, this.view.get().kinds, this.#folding);
    for (const listener of this.#frameListeners) listener(frame);
    if (changed) {
      this.#moved();
      this.#showSoon();
    }
    return "applied";
  }

  /** The heartbeat says how far the log is, also past what this screen may not see. */
  advance(cursor: Cursor): void {
    if (!this.#world || this.#world.cursor.epoch !== cursor.epoch) return;
    this.#world = { ...this.#world, cursor };
    this.#moved();
  }

  onFrame(listener: (frame: ArrivedFrame) => void): () => void {
    this.#frameListeners.add(listener);
    return () => void this.#frameListeners.delete(listener);
  }

  /** The cursor has moved. */
  onMove(listener: () => void): () => void {
    this.#moveListeners.add(listener);
    return () => void this.#moveListeners.delete(listener);
  }

  /** At once: a finger waits for it. */
  showNow(): void {
    const confirmed = this.#world?.kinds ?? {};
    this.view.set({ kinds: project(confirmed, this.#assumed(), this.#folding, this.#newId), confirmed, loaded: this.#world !== null });
  }

  /** Once per painted frame, however many events came: 50 screens at 200 commands a second must not stutter. */
  #showSoon(): void {
    if (this.#painting) return;
    this.#painting = true;
    this.#paint(() => {
      this.#painting = false;
      this.showNow();
    });
  }

  #moved(): void {
    for (const listener of this.#moveListeners) listener();
  }
}

/** The next animation frame, or soon when the page is hidden and animation frames do not come. */
export function onNextPaint(paint: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    paint();
  };
  requestAnimationFrame(once);
  setTimeout(once, 100);
}
