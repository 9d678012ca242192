import { createStore, type Store } from "../../kit/store.ts";
import type { Alert } from "./alerts.ts";

/** `locked`: the browser waits for a first touch before it lets a page be heard. */
export type SoundState = "locked" | "on" | "unsupported";

type Note = { readonly hertz: number; readonly at: number; readonly lasts: number };
const TUNES: Readonly<Record<Alert, { readonly wave: OscillatorType; readonly loud: number; readonly notes: readonly Note[] }>> = {
  ticket: { wave: "triangle", loud: 0.5, notes: [{ hertz: 880, at: 0, lasts: 0.28 }, { hertz: 1175, at: 0.16, lasts: 0.45 }] },
  void: { wave: "square", loud: 0.22, notes: [{ hertz: 392, at: 0, lasts: 0.2 }, { hertz: 311, at: 0.22, lasts: 0.2 }, { hertz: 233, at: 0.44, lasts: 0.45 }] },
  ready: { wave: "sine", loud: 0.55, notes: [{ hertz: 1319, at: 0, lasts: 0.9 }, { hertz: 1976, at: 0.02, lasts: 0.6 }] },
};

/** How long the device is kept awake after a tune: until its last note has faded. */
const REST_AFTER_MS = 2500;

/** Made by the browser itself: a kitchen without the internet hears the same. Between tunes the sound device sleeps: awake it keeps a cheap screen's processor busy all evening. */
export class Chimes {
  readonly state: Store<SoundState>;
  #context: AudioContext | null = null;
  /** Put to sleep here, so allowed to wake up by itself. */
  #resting = false;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.state = createStore<SoundState>(typeof AudioContext === "undefined" ? "unsupported" : "locked");
  }

  /** Tries at once, for kiosk browsers that allow it, and at every touch until it works. Returns how to stop. */
  start(): () => void {
    if (this.state.get() === "unsupported") return () => undefined;
    const context = new AudioContext();
    this.#context = context;
    const say = () => {
      if (context.state === "running") this.#restSoon(context);
      this.state.set(context.state === "running" || this.#resting ? "on" : "locked");
    };
    const unlock = () => {
      // Also after the system took the sound away (a call, a sleep).
      if (context.state !== "running" && !this.#resting) void context.resume().catch(() => undefined);
    };
    context.addEventListener("statechange", say);
    window.addEventListener("pointerdown", unlock);
    window.addEventListener("keydown", unlock);
    say();
    return () => {
      context.removeEventListener("statechange", say);
      window.removeEventListener("pointerdown", unlock);
      window.removeEventListener("keydown", unlock);
      clearTimeout(this.#restTimer);
      void context.close();
      this.#context = null;
    };
  }

  play(alert: Alert): void {
    const context = this.#context;
    if (!context || this.state.get() !== "on") return;
    void this.#awake(context).then((awake) => {
      if (!awake) return this.state.set("locked");
      this.#restSoon(context);
      sound(context, alert);
    });
  }

  async #awake(context: AudioContext): Promise<boolean> {
    clearTimeout(this.#restTimer);
    if (context.state === "running" && !this.#resting) return true;
    this.#resting = false;
    await context.resume().catch(() => undefined);
    return context.state === "running";
  }

  #restSoon(context: AudioContext): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      this.#resting = true;
      void context.suspend().catch(() => undefined);
    }, REST_AFTER_MS);
  }
}

function sound(context: AudioContext, alert: Alert): void {
  const { wave, loud, notes } = TUNES[alert];
  for (const { hertz, at, lasts } of notes) {
    const from = context.currentTime + at;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = wave;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(loud, from + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, from + lasts);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + lasts);
  }
}
