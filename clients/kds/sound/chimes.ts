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

/** Made by the browser itself: a kitchen without the internet hears the same. */
export class Chimes {
  readonly state: Store<SoundState>;
  #context: AudioContext | null = null;

  constructor() {
    this.state = createStore<SoundState>(typeof AudioContext === "undefined" ? "unsupported" : "locked");
  }

  /** Tries at once, for kiosk browsers that allow it, and at every touch until it works. Returns how to stop. */
  start(): () => void {
    if (this.state.get() === "unsupported") return () => undefined;
    const context = new AudioContext();
    this.#context = context;
    const say = () => this.state.set(context.state === "running" ? "on" : "locked");
    const unlock = () => {
      // Also after the system took the sound away (a call, a sleep).
      if (context.state !== "running") void context.resume().catch(() => undefined);
    };
    context.addEventListener("statechange", say);
    window.addEventListener("pointerdown", unlock);
    window.addEventListener("keydown", unlock);
    say();
    return () => {
      context.removeEventListener("statechange", say);
      window.removeEventListener("pointerdown", unlock);
      window.removeEventListener("keydown", unlock);
      void context.close();
      this.#context = null;
    };
  }

  play(alert: Alert): void {
    const context = this.#context;
    if (!context || context.state !== "running") return;
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
}
