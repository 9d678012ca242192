import { shelf } from "../../kit/storage.ts";
import { createStore, type Store } from "../../kit/store.ts";
import type { Pace } from "../tickets/ages.ts";

/** What left the pass by one bump. */
export type Taken = {
  readonly order: string;
  readonly label: string;
  readonly title: string;
  readonly numbers: readonly number[];
  readonly at: string;
  readonly items: string;
  /** Keys of tickets, see takenKey. */
  readonly keys: readonly string[];
  /** Tickets that a station had not finished: a recall brings them back there too. */
  readonly bumped: readonly string[];
};

/** What this screen remembers and the log need not know. */
export type ScreenSettings = {
  /** Null: the station that the device was paired for. */
  readonly station: string | null;
  readonly sound: boolean;
  readonly pace: Pace;
  /** The latest last. */
  readonly taken: readonly Taken[];
};

const FIRST: ScreenSettings = { station: null, sound: true, pace: "usual", taken: [] };
/** A plate is shown for twenty minutes: nobody takes more than this from one pass meanwhile. */
export const REMEMBERED_TAKEN = 200;

/** Of one device; survives a reload. A link that names a station wins over what was chosen before. */
export function openSettings(storage: Storage, device: string, linked: boolean): Store<ScreenSettings> {
  const own = shelf(storage, "comanda.kds.screen");
  const kept = own.read<Partial<ScreenSettings>>(device) ?? {};
  const store = createStore<ScreenSettings>({ ...FIRST, ...kept, ...(linked ? { station: null } : {}) });
  store.subscribe(() => own.write(device, store.get()));
  return store;
}
